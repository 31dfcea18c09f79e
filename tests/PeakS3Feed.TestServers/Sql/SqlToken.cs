namespace PeakS3Feed.TestServers.Sql;

/// <summary>What a token of SQL is.</summary>
public enum SqlTokenKind
{
    /// <summary>A keyword or an unquoted identifier; its value is in lower case.</summary>
    Word,

    /// <summary>A quoted identifier; its value has no quotes.</summary>
    Quoted,

    /// <summary>A text in single quotes; its value has none.</summary>
    Literal,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A numbered parameter such as <c>$1</c>.</summary>
    Parameter,

    /// <summary>An operator or a punctuation mark.</summary>
    Symbol,
}

/// <summary>A token of SQL.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Its value, without quotes.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="End">Where the next character of the text is.</param>
public readonly record struct SqlToken(SqlTokenKind Kind, string Value, int Start, int End)
{
    /// <summary>Whether it is this keyword, in lower case.</summary>
    public bool Is(string word) => Kind is SqlTokenKind.Word && Value == word;

    /// <summary>Whether it is this symbol.</summary>
    public bool IsSymbol(string symbol) => Kind is SqlTokenKind.Symbol && Value == symbol;

    /// <summary>Whether it can be a name.</summary>
    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.Quoted;
}
