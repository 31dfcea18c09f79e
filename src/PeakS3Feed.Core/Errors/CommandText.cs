using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace PeakS3Feed.Errors;

/// <summary>Values as they are typed in a command: bare where that is enough, else quoted so that nothing in them is expanded.</summary>
public static partial class CommandText
{
    /// <summary>A value as it is typed in PowerShell.</summary>
    public static string PowerShell(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Bare().IsMatch(value) ? value : PowerShellQuoted(value);
    }

    /// <summary>A value as it is typed in PowerShell, always in quotes: as a key or a value of a table, for example.</summary>
    public static string PowerShellQuoted(string value) => $"'{PowerShellQuotes().Replace(value, "$0$0")}'";

    /// <summary>A list of values as it is typed in PowerShell; <c>@()</c> when it is empty.</summary>
    public static string PowerShell(IEnumerable<string> values)
        // In a list, PowerShell would make numbers of digits, and 7 of 007.
        => string.Join(", ", values.Select(v => v is [>= '0' and <= '9', ..] ? PowerShellQuoted(v) : PowerShell(v))) is { Length: > 0 } list ? list : "@()";

    /// <summary>A value as it is typed in the shell of this system.</summary>
    public static string Shell(string value) => Shell(value, OperatingSystem.IsWindows());

    /// <summary>A value as it is typed in a shell: a POSIX shell, or one of Windows (cmd or PowerShell).</summary>
    public static string Shell(string value, bool windows)
    {
        ArgumentNullException.ThrowIfNull(value);
        // In PowerShell a comma would make two arguments, and in a POSIX shell a backslash would go.
        var harmless = windows ? @"_-+=:./@%\" : "_-+=:./@%,";
        if (value.Length > 0 && value.All(c => char.IsLetterOrDigit(c) || harmless.Contains(c, StringComparison.Ordinal)))
            return value;
        if (!windows)
            return $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        // Only single quotes keep PowerShell from expanding these, and cmd does not know single quotes.
        return value.AsSpan().ContainsAny('$', '`')
            ? PowerShellQuoted(value)
            : $"\"{BackslashesBeforeQuotes().Replace(value, "$0$0").Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A list of values as one value of <c>peaks3feed set</c>: with commas between them, or as JSON where commas would not do.</summary>
    public static string List(IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var plain = values.All(v => v.Length > 0 && v == v.Trim() && !v.Contains(',', StringComparison.Ordinal)) && (values.Count == 0 || values[0][0] != '[');
        return plain ? string.Join(',', values) : $"[{string.Join(',', values.Select(v => $"\"{Json(v)}\""))}]";
    }

    // A quote is written without one, for shells see to their own quotes.
    private static string Json(string value) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value).Replace("\\\"", "\\u0022", StringComparison.Ordinal);

    /// <summary>
    /// A command of the module with arguments behind its own: before the first pipe, or at the end. A command of the module in parentheses gets them, too.
    /// </summary>
    public static string Append(string command, string arguments)
    {
        ArgumentNullException.ThrowIfNull(command);
        var text = new StringBuilder(command.Length + arguments.Length);
        var waits = new Stack<bool>([true]); // for each bracket that is open, whether a command in it still gets its arguments
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
    private static partial Regex Bare();

    // All characters that PowerShell takes for a single quote.
    [GeneratedRegex("['\u2018\u2019\u201a\u201b]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PowerShellQuotes();

    // A program takes \" for a quote that is part of the value.
    [GeneratedRegex("\\\\+(?=\"|\\z)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BackslashesBeforeQuotes();
}
