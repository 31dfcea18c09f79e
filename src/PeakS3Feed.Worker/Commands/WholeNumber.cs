using System.CommandLine.Parsing;
using System.Globalization;

namespace PeakS3Feed.Worker.Commands;

/// <summary>Reads a number of things on the command line.</summary>
internal static class WholeNumber
{
    public static int Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        result.AddError($"\"{text}\" is not a whole number greater than 0.");
        return 0;
    }
}
