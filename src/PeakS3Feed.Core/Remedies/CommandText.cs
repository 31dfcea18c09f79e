using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace PeakS3Feed.Remedies;

/// <summary>
/// Writes commands from their verb and arguments, for PowerShell and for a shell. Values are bare where possible, otherwise quoted so that the
/// shell expands nothing.
/// </summary>
public static partial class CommandText
{
    private const string ProgramName = "peaks3feed";

    /// <summary>Writes a cmdlet with its parameters.</summary>
    /// <param name="name">The cmdlet.</param>
    /// <param name="parameters">
    /// The parameters and their values: a text or a list of texts, which are quoted where necessary; true or false for a switch;
    /// <see cref="Bare"/>.
    /// </param>
    public static string WriteCmdlet(string name, params IEnumerable<(string Parameter, object Value)> parameters)
        => string.Join(' ', parameters.Select(p => Parameter(p.Parameter, p.Value)).Prepend(name));

    /// <summary>Writes a command of the program <c>peaks3feed</c>, for the shell of this system.</summary>
    public static string WriteProgram(params IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Shell).Prepend(ProgramName));

    /// <summary>Formats a value for PowerShell.</summary>
    public static string PowerShell(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Harmless().IsMatch(value) ? value : PowerShellQuoted(value);
    }

    /// <summary>Formats a value for PowerShell, always in quotes, for example for a key or value of a hashtable.</summary>
    public static string PowerShellQuoted(string value) => $"'{PowerShellQuotes().Replace(value, "$0$0")}'";

    /// <summary>Formats a list of values for PowerShell; <c>@()</c> when it is empty.</summary>
    public static string PowerShell(IEnumerable<string> values)
        // In a list, PowerShell would convert digits to numbers, and 007 to 7.
        => string.Join(", ", values.Select(v => v is [>= '0' and <= '9', ..] ? PowerShellQuoted(v) : PowerShell(v))) is { Length: > 0 } list
            ? list
            : "@()";

    /// <summary>Formats a value for the shell of this system.</summary>
    public static string Shell(string value) => Shell(value, OperatingSystem.IsWindows());

    /// <summary>Formats a value for a POSIX shell, or for the shells of Windows (cmd and PowerShell).</summary>
    public static string Shell(string value, bool windows)
    {
        ArgumentNullException.ThrowIfNull(value);
        // In PowerShell, a comma separates arguments. In a POSIX shell, a backslash is removed.
        var harmless = windows ? @"_-+=:./@%\" : "_-+=:./@%,";
        if (value.Length > 0 && value.All(c => char.IsLetterOrDigit(c) || harmless.Contains(c, StringComparison.Ordinal)))
            return value;
        if (!windows)
            return $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        // Only single quotes prevent PowerShell from expanding these, and cmd does not support single quotes.
        return value.AsSpan().ContainsAny('$', '`')
            ? PowerShellQuoted(value)
            : $"\"{BackslashesBeforeQuotes().Replace(value, "$0$0").Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>Formats a list as one value of <c>peaks3feed set</c>: separated by commas, or as JSON where commas are ambiguous.</summary>
    public static string List(IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var plain = values.All(v => v.Length > 0 && v == v.Trim() && !v.Contains(',', StringComparison.Ordinal))
            && (values.Count == 0 || values[0][0] != '[');
        return plain ? string.Join(',', values) : $"[{string.Join(',', values.Select(v => $"\"{Json(v)}\""))}]";
    }

    private static string Parameter(string name, object value) => value switch
    {
        true => $"-{name}",
        false => $"-{name}:$false",
        Bare bare => $"-{name} {bare.Text}",
        IEnumerable<string> list => $"-{name} {PowerShell(list)}",
        _ => $"-{name} {PowerShell((string)value)}",
    };

    // A double quote is written as \u0022, so that it cannot conflict with the quotes of shells.
    private static string Json(string value)
        => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value).Replace("\\\"", "\\u0022", StringComparison.Ordinal);

    /// <summary>Adds the path of a store to a command of the module. A cmdlet after a pipe gets the store from the pipeline.</summary>
    internal static string CmdletOnStore(string command, string storePath)
        => Module().IsMatch(command) ? Append(command, $"-StorePath {PowerShell(storePath)}") : command;

    /// <summary>Adds the path of a store to a command of the program <c>peaks3feed</c>.</summary>
    internal static string ProgramOnStore(string command, string storePath) => command.StartsWith(ProgramName + " ", StringComparison.Ordinal)
        ? $"{ProgramName} --store {Shell(storePath)}{command[ProgramName.Length..]}"
        : command;

    /// <summary>
    /// Appends arguments to a command of the module: before the first pipe, or at the end. A command of the module in parentheses gets them too.
    /// </summary>
    public static string Append(string command, string arguments)
    {
        ArgumentNullException.ThrowIfNull(command);
        var text = new StringBuilder(command.Length + arguments.Length);
        var waits = new Stack<bool>([true]); // for each open bracket, whether a command in it still needs the arguments
        var inQuotes = false;
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            if (c == '\'')
                inQuotes = !inQuotes;
            else if (!inQuotes && c is ('(' or '{'))
                waits.Push(c == '(' && Module().IsMatch(command.AsSpan(i + 1)));
            else if (!inQuotes && c is (')' or '}' or '|'))
            {
                if (waits.Pop())
                    text.Append(c == '|' ? $"{arguments} " : $" {arguments}");
                if (c == '|')
                    waits.Push(false);
            }
            text.Append(c);
        }

        return waits.Pop() ? $"{text} {arguments}" : text.ToString();
    }

    [GeneratedRegex(@"\A\w+-S3", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Module();

    [GeneratedRegex(@"\A([\p{L}_/\\][\w./:%+\\-]*|[0-9]+(\.[0-9]+)?%?)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Harmless();

    // All characters that PowerShell accepts as a single quote.
    [GeneratedRegex("['\u2018\u2019\u201a\u201b]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PowerShellQuotes();

    // Programs read \" as a quote within the value.
    [GeneratedRegex("\\\\+(?=\"|\\z)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BackslashesBeforeQuotes();
}

/// <summary>Text of a command that is written as it is, without quotes.</summary>
/// <param name="Text">The text.</param>
internal readonly record struct Bare(string Text)
{
    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
