namespace PeakS3Feed.SnowflakeServer.Sessions;

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the words of the SQL API, such as <c>text</c> or <c>fixed</c>.</param>
/// <param name="Precision">The digits of a number.</param>
/// <param name="Scale">The digits after the point.</param>
internal sealed record ResultColumn(string Name, string Type, int? Precision = null, int? Scale = null);

/// <summary>How many rows a statement changed.</summary>
internal sealed record ChangedRows(long Inserted = 0, long Updated = 0, long Deleted = 0);

/// <summary>What a statement returns: rows as the SQL API writes them.</summary>
internal sealed record SnowflakeResult(IReadOnlyList<ResultColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows)
{
    public ChangedRows? Changed { get; init; }

    /// <summary>One text in one row.</summary>
    public static SnowflakeResult From(string column, string text) => new([new(column, "text")], [[text]]);

    /// <summary>Columns of texts.</summary>
    public static SnowflakeResult FromTexts(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string?>> rows)
        => new([.. columns.Select(c => new ResultColumn(c, "text"))], rows);
}
