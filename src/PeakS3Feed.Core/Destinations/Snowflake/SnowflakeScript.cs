using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// A transaction as one statement: a block of Snowflake Scripting that begins the transaction, runs the statements, raises an exception for the first
/// check that does not hold, and commits. Any error rolls it back and is raised again. Pure.
/// </summary>
internal sealed partial class SnowflakeScript
{
    private const string Prefix = "peaks3feed: ";
    private const string ExceptionName = "check_";

    /// <summary>The first number of exceptions. Snowflake allows -20999 to -20000.</summary>
    private const int FirstNumber = 20_001;

    private readonly List<(int Line, NamedStatement Statement)> _lines = [];
    private readonly List<NamedCheck> _checks;
    private readonly StringBuilder _text = new();
    private int _line = 1;

    /// <param name="script">The statements. None of them defines a table, which would commit.</param>
    public SnowflakeScript(WarehouseScript script)
    {
        _checks = [.. script.Statements.OfType<NamedCheck>()];
        Write(script);
        Block = _text.ToString();
        Sql = "EXECUTE IMMEDIATE " + SnowflakeText.Literal(Block);
    }

    /// <summary>The statement.</summary>
    public string Sql { get; }

    /// <summary>The block within it.</summary>
    public string Block { get; }

    /// <summary>Returns the statement of the script that failed, from Snowflake's message; null where the message does not name it.</summary>
    public NamedStatement? FindFailed(string message)
    {
        if (FindCheck(message) is { } check)
            return check;

        // Where an error is raised again, the line within is the last one.
        foreach (var number in LinePattern().Matches(message).Reverse())
        {
            if (int.TryParse(number.Groups["line"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var line)
                && StatementAt(line) is { } statement)
            {
                return statement;
            }
        }
        return null;
    }

    /// <summary>Returns a message without the words that a block puts before an error.</summary>
    public static string Unwrap(string message)
    {
        while (WrapperPattern().Match(message) is { Success: true } wrapper)
            message = message[wrapper.Length..];
        return message;
    }

    /// <summary>Returns whether a message is that of a check that did not hold.</summary>
    public static bool IsCheck(string message) => Unwrap(message).StartsWith(Prefix, StringComparison.Ordinal);

    private void Write(WarehouseScript script)
    {
        Append("DECLARE");
        foreach (var (index, check) in _checks.Index())
        {
            Append(string.Create(
                CultureInfo.InvariantCulture,
                $"  {ExceptionName}{index + 1} EXCEPTION (-{FirstNumber + index}, {SnowflakeText.Literal(Prefix + check.Name)});"));
        }
        Append("  held INTEGER;");
        Append("BEGIN");
        Append("  BEGIN TRANSACTION;");
        foreach (var statement in script.Statements)
        {
            _lines.Add((_line, statement));
            if (statement is NamedCheck check)
            {
                Append($"  SELECT {SqlText.ToLine(check.Value)} INTO :held FROM {SqlText.ToLine(check.Source)};");
                Append(string.Create(
                    CultureInfo.InvariantCulture, $"  IF (held = 0) THEN RAISE {ExceptionName}{_checks.IndexOf(check) + 1}; END IF;"));
            }
            else
            {
                Append($"  {SqlText.ToLine(statement.Sql)};");
            }
        }
        _lines.Add((_line, Commit));
        Append("  COMMIT;");
        Append("  RETURN 'committed';");
        Append("EXCEPTION");
        Append("  WHEN OTHER THEN");
        _lines.Add((_line, Handler));
        Append("    ROLLBACK;");
        Append("    RAISE;");
        Append("END;");
    }

    private static NamedStatement Commit { get; } = new("commit", "COMMIT");

    private static NamedStatement Handler { get; } = new("", "ROLLBACK");

    // A quoted name may have a line break.
    private void Append(string line)
    {
        if (_line > 1)
            _text.Append('\n');
        _text.Append(line);
        _line += 1 + line.Count(c => c == '\n');
    }

    private NamedStatement? StatementAt(int line)
    {
        var found = _lines.FindLast(l => l.Line <= line).Statement;
        return ReferenceEquals(found, Handler) ? null : found;
    }

    private NamedCheck? FindCheck(string message)
    {
        if (CheckPattern().Match(message) is { Success: true } raised
            && int.TryParse(raised.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number <= _checks.Count)
        {
            return _checks[number - 1];
        }
        return IsCheck(message) ? _checks.Find(c => Unwrap(message).TrimEnd() == Prefix + c.Name) : null;
    }

    // Snowflake Scripting's words. The name of the file is there where the block comes from a stage.
    [GeneratedRegex(@"Uncaught exception of type '[^']*'[^:]*? on line (?<line>[0-9]+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LinePattern();

    [GeneratedRegex("Uncaught exception of type 'CHECK_(?<number>[0-9]+)'", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex CheckPattern();

    [GeneratedRegex(
        @"\A\s*Uncaught exception of type '[^']*'(?:\s+in file \S+)?(?:\s+on line [0-9]+)?(?:\s+at position [0-9]+)?\s*:\s*",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WrapperPattern();
}
