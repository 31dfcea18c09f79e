using System.Globalization;

namespace PeakS3Feed.Errors;

/// <summary>Numbers of things in sentences.</summary>
internal static class CountText
{
    /// <summary>With commas between the thousands.</summary>
    public static string Format(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>For example <c>1 object</c>, <c>1,234 objects</c>.</summary>
    public static string Format(long number, string noun) => $"{Format(number)} {noun}{(number == 1 ? "" : "s")}";
}
