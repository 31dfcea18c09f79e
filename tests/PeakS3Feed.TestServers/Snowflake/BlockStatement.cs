using System.Globalization;
using System.Text;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>An exception that a block declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">Its number: -20999 to -20000.</param>
/// <param name="Message">Its message.</param>
public sealed record BlockException(string Name, int Number, string Message);

/// <summary>A statement of a block.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Line">The line of the block where it begins, from 1.</param>
/// <param name="Position">Where it begins in the line, from 0.</param>
public abstract record BlockStep(string Text, int Line, int Position);

/// <summary>A statement of SQL.</summary>
public sealed record SqlStep(string Text, int Line, int Position, SnowflakeStatement Statement) : BlockStep(Text, Line, Position);

/// <summary>IF (variable = number) THEN RAISE exception; END IF.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Line">The line of the RAISE.</param>
/// <param name="Position">Where the RAISE begins in its line.</param>
/// <param name="Variable">The variable.</param>
/// <param name="Number">The number.</param>
/// <param name="Exception">The exception.</param>
public sealed record CheckStep(string Text, int Line, int Position, string Variable, long Number, BlockException Exception)
    : BlockStep(Text, Line, Position);

/// <summary>
/// EXECUTE IMMEDIATE of a block of one form: declarations, one transaction whose checks raise exceptions, and a handler that rolls back and raises
/// again.
/// </summary>
/// <param name="Steps">The statements of the transaction.</param>
/// <param name="Result">What the block returns.</param>
public sealed record BlockStatement(IReadOnlyList<BlockStep> Steps, string Result) : SnowflakeStatement
{
    internal static BlockStatement Read(StatementReader reader)
    {
        reader.Require("execute", "immediate");
        var block = reader.Literal();
        return new BlockReader(block, reader.Scope).Read();
    }
}

/// <summary>Reads a block.</summary>
internal sealed class BlockReader(string text, SnowflakeScope scope)
{
    private const int LongestMessage = 256;

    private readonly StatementReader _reader = new(text, SnowflakeTokens.Read(text), scope);
    private readonly Dictionary<string, BlockException> _exceptions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);
    private readonly List<BlockStep> _steps = [];

    public BlockStatement Read()
    {
        if (_reader.Takes("declare"))
        {
            while (!_reader.Sees("begin"))
                Declare();
        }
        _reader.Require("begin");
        _reader.Require("begin", "transaction", ";");
        while (!_reader.Takes("commit", ";"))
            _steps.Add(Step());
        _reader.Require("return");
        var result = _reader.Literal();
        _reader.Require(";", "exception", "when", "other", "then", "rollback", ";", "raise", ";", "end");
        _reader.Takes(";");
        _reader.RequireEnd();
        return new(_steps, result);
    }

    private void Declare()
    {
        var name = _reader.Name();
        if (_exceptions.ContainsKey(name) || _variables.Contains(name))
            throw SnowflakeErrors.Syntax($"duplicate declaration of '{name}'");
        if (_reader.Takes("integer"))
            _variables.Add(name);
        else
        {
            _reader.Require("exception", "(", "-");
            var number = -_reader.WholeNumber(20000, 20999);
            _reader.Require(",");
            var message = _reader.Literal();
            _reader.Require(")");
            if (Encoding.UTF8.GetByteCount(message) > LongestMessage)
                throw SnowflakeErrors.NotInStandIn("an exception's message of more than 256 bytes");
            if (_exceptions.Values.Any(e => e.Number == number))
                throw SnowflakeErrors.NotInStandIn(string.Create(CultureInfo.InvariantCulture, $"two exceptions with the number {number}"));
            _exceptions.Add(name, new BlockException(name, number, message));
        }
        _reader.Require(";");
    }

    private BlockStep Step() => _reader.Sees("if") ? Check() : Sql();

    private CheckStep Check()
    {
        var start = _reader.Current.Start;
        _reader.Require("if", "(");
        var variable = Declared(_reader.Name());
        _reader.Require("=");
        var number = _reader.WholeNumber(0, int.MaxValue);
        _reader.Require(")", "then");
        var raise = SnowflakeErrors.Place(text, _reader.Current.Start);
        _reader.Require("raise");
        var name = _reader.Name();
        if (!_exceptions.TryGetValue(name, out var exception))
            throw SnowflakeErrors.InvalidIdentifier(name);
        _reader.Require(";", "end", "if", ";");
        return new(text[start.._reader.Behind], raise.Line, raise.Position, variable, number, exception);
    }

    private SqlStep Sql()
    {
        var (start, tokens) = (_reader.Current.Start, new List<SqlToken>());
        while (!_reader.Sees(";"))
            tokens.Add(_reader.Next());
        _reader.Require(";");
        if (tokens.Count == 0)
            throw SnowflakeErrors.Syntax("Empty SQL statement.");
        var (line, position) = SnowflakeErrors.Place(text, start);
        var statement = SnowflakeStatement.Read(text, tokens, scope, inBlock: true);
        if (statement.Parameters > 0)
            throw SnowflakeErrors.NotInStandIn("parameters in a block");
        if (statement is QueryStatement query)
        {
            if (query.Query.Into.Count == 0)
                throw SnowflakeErrors.NotInStandIn("a SELECT in a block whose result nothing takes");
            foreach (var variable in query.Query.Into)
                Declared(variable);
        }
        return new(text[start..tokens[^1].End], line, position, statement);
    }

    private string Declared(string variable) => _variables.Contains(variable) ? variable : throw SnowflakeErrors.InvalidIdentifier(variable);
}
