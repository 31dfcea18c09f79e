using System.Globalization;

namespace PeakS3Feed.Errors;

/// <summary>Formats numbers of things for sentences.</summary>
internal static class CountText
{
    /// <summary>Formats a number with commas between the thousands.</summary>
    public static string Format(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Formats a number with a noun, for example <c>1 object</c>, <c>1,234 objects</c>.</summary>
    public static string Format(long number, string noun) => $"{Format(number)} {noun}{(number == 1 ? "" : "s")}";
}
