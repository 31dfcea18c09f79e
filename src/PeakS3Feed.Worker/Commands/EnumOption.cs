using System.CommandLine.Parsing;

namespace PeakS3Feed.Worker.Commands;

/// <summary>Parses a name of an enumeration on the command line, in any case.</summary>
internal static class EnumOption
{
    /// <summary>Returns the value; reports an error that lists all names if there is none of that name.</summary>
    /// <param name="given">What is given.</param>
    /// <param name="what">What the value is, for the error: <c>a form</c>.</param>
    /// <param name="all">The same in the plural: <c>forms</c>.</param>
    public static TValue Parse<TValue>(ArgumentResult given, string what, string all)
        where TValue : struct, Enum
    {
        var text = given.Tokens[0].Value;
        foreach (var value in Enum.GetValues<TValue>())
        {
            if (string.Equals(text, value.ToString(), StringComparison.OrdinalIgnoreCase))
                return value;
        }
        given.AddError($"\"{text}\" is not {what}. The {all} are {string.Join(", ", Enum.GetNames<TValue>())}.");
        return default;
    }
}
