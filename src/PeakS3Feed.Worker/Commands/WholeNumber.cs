using System.CommandLine.Parsing;
using System.Globalization;

namespace PeakS3Feed.Worker.Commands;

/// <summary>Parses a count on the command line.</summary>
internal static class WholeNumber
{
    /// <summary>Reads a number greater than 0.</summary>
    public static int Parse(ArgumentResult result)
    {
        var text = TextOf(result);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        result.AddError($"\"{text}\" is not a whole number greater than 0.");
        return 0;
    }

    /// <summary>Reads a number from 1 to <paramref name="max"/>.</summary>
    public static int ParseUpTo(ArgumentResult result, int max)
    {
        var text = TextOf(result);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= max)
            return number;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"\"{text}\" is not a whole number from 1 to {max}."));
        return 0;
    }

    private static string TextOf(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
