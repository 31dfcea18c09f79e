namespace PeakS3Feed.TestServers.Sql;

/// <summary>Walks through the tokens of one statement.</summary>
public sealed class SqlCursor(IReadOnlyList<SqlToken> tokens)
{
    private static readonly SqlToken End = new(SqlTokenKind.Symbol, "", -1, -1);

    public int Position { get; set; }

    public bool AtEnd => Position >= tokens.Count;

    public SqlToken Current => Peek(0);

    public SqlToken Peek(int ahead) => Position + ahead < tokens.Count ? tokens[Position + ahead] : End;

    public SqlToken Next() => Position < tokens.Count ? tokens[Position++] : throw RefusalException.Syntax("syntax error at end of input");

    /// <summary>Whether these keywords or symbols come next.</summary>
    public bool Sees(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!Peek(i).Is(words[i]) && !Peek(i).IsSymbol(words[i]))
                return false;
        }
        return true;
    }

    /// <summary>Passes these keywords or symbols, if they come next.</summary>
    public bool Takes(params ReadOnlySpan<string> words)
    {
        if (!Sees(words))
            return false;
        Position += words.Length;
        return true;
    }

    /// <summary>Passes a keyword or a symbol, which must come next.</summary>
    public void Require(string word)
    {
        if (!Takes(word))
            throw Unexpected();
    }

    /// <summary>A name, which must come next.</summary>
    public SqlToken Name() => Current.IsName ? Next() : throw Unexpected();

    /// <summary>A literal, which must come next.</summary>
    public string Literal() => Current.Kind is SqlTokenKind.Literal ? Next().Value : throw Unexpected();

    /// <summary>A name with or without a schema: the position of its first and behind its last token.</summary>
    public (int First, int Behind) QualifiedName()
    {
        var first = Position;
        Name();
        while (Takes("."))
            Name();
        return (first, Position);
    }

    /// <summary>Passes what is between parentheses, with the parentheses.</summary>
    public void Parentheses()
    {
        Require("(");
        for (var depth = 1; depth > 0;)
        {
            var token = Next();
            depth += token.IsSymbol("(") ? 1 : token.IsSymbol(")") ? -1 : 0;
        }
    }

    public RefusalException Unexpected()
        => RefusalException.Syntax(AtEnd ? "syntax error at end of input" : $"syntax error at or near \"{Current.Value}\"");
}
