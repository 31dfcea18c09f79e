using System.Globalization;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>Walks through the tokens of one statement of Snowflake's SQL.</summary>
/// <param name="text">The text that the tokens are from.</param>
/// <param name="tokens">The tokens of the statement.</param>
/// <param name="scope">The database and schema.</param>
public sealed class StatementReader(string text, IReadOnlyList<SqlToken> tokens, SnowflakeScope scope)
{
    private readonly SqlCursor _cursor = new(tokens);

    /// <summary>The text that the tokens are from.</summary>
    public string Text => text;

    /// <summary>The database and schema, and the names that were read.</summary>
    public SnowflakeScope Scope => scope;

    /// <summary>How many parameters (<c>?</c>) were read.</summary>
    public int Parameters { get; private set; }

    /// <summary>Where the text behind the token that was read last begins.</summary>
    public int Behind => _cursor.Position == 0 ? 0 : tokens[_cursor.Position - 1].End;

    public bool AtEnd => _cursor.AtEnd;

    public SqlToken Current => _cursor.Current;

    public bool Sees(params ReadOnlySpan<string> words) => _cursor.Sees(words);

    public bool Takes(params ReadOnlySpan<string> words) => _cursor.Takes(words);

    public SqlToken Peek(int ahead) => _cursor.Peek(ahead);

    /// <summary>Passes keywords or symbols, which must come next.</summary>
    public void Require(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (!_cursor.Takes(word))
                throw Unexpected();
        }
    }

    /// <summary>The next token.</summary>
    public SqlToken Next() => AtEnd ? throw Unexpected() : _cursor.Next();

    /// <summary>A word, in lower case, which must come next.</summary>
    public string Word() => Current.Kind is SqlTokenKind.Word ? Next().Value : throw Unexpected();

    /// <summary>A literal, which must come next.</summary>
    public string Literal() => Current.Kind is SqlTokenKind.Literal ? Next().Value : throw Unexpected();

    /// <summary>Whether a name comes next.</summary>
    public bool SeesName()
        => Current.Kind is SqlTokenKind.Quoted || (Current.Kind is SqlTokenKind.Word && !SnowflakeTokens.IsReserved(Current.Value));

    /// <summary>A name, which must come next.</summary>
    public string Name() => SeesName() ? SnowflakeScope.Fold(Next()) : throw Unexpected();

    /// <summary>A name of one to three parts, which must come next.</summary>
    public IReadOnlyList<string> QualifiedName()
    {
        var parts = new List<string> { Name() };
        while (Sees(".") && parts.Count < 3)
        {
            Require(".");
            parts.Add(Name());
        }
        return parts;
    }

    /// <summary>Names in parentheses, which must come next; each is quoted for PostgreSQL.</summary>
    public IReadOnlyList<string> ColumnList()
    {
        Require("(");
        var names = new List<string>();
        do
        {
            var name = Name();
            if (names.Contains(name, StringComparer.Ordinal))
                throw SnowflakeErrors.DuplicateColumn(name);
            names.Add(name);
        }
        while (Takes(","));
        Require(")");
        return names;
    }

    /// <summary>A whole number, which must come next.</summary>
    public int WholeNumber(int least, int greatest)
        => Current.Kind is SqlTokenKind.Number && int.TryParse(Current.Value, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= greatest && Next().End > 0
            ? number
            : throw Unexpected();

    /// <summary>A parameter (<c>?</c>), which was read.</summary>
    public string Parameter()
    {
        Parameters++;
        return string.Create(CultureInfo.InvariantCulture, $"${Parameters}::text");
    }

    /// <summary>Passes all tokens that begin before a place of the text.</summary>
    public void SkipTo(int offset)
    {
        while (!AtEnd && Current.Start < offset)
            Next();
    }

    /// <summary>Fails unless the statement ends here.</summary>
    public void RequireEnd()
    {
        if (!AtEnd)
            throw Unexpected();
    }

    /// <summary>The error for the token that comes next.</summary>
    public RefusalException Unexpected() => SnowflakeErrors.Unexpected(text, Current);
}
