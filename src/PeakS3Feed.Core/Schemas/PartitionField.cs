using System.Text.RegularExpressions;

namespace PeakS3Feed.Schemas;

/// <summary>What a partition of a table takes from a column.</summary>
public enum PartitionPart
{
    /// <summary>The whole value.</summary>
    Value,

    /// <summary>The year of a date or time, as a number.</summary>
    Year,

    /// <summary>The month of a date or time, 1 to 12.</summary>
    Month,

    /// <summary>The day of the month of a date or time, 1 to 31.</summary>
    Day,

    /// <summary>The day of a time, as a date.</summary>
    Date,
}

/// <summary>One field by which a table is divided into partitions: a column, or a part of a date. Parts of an instant are those in UTC.</summary>
/// <param name="Column">The column whose values divide the table. A person may also name it by its source field.</param>
/// <param name="Part">What is taken from it.</param>
public sealed partial record PartitionField(string Column, PartitionPart Part = PartitionPart.Value)
{
    /// <summary>The maximum number of fields of a table.</summary>
    public const int MaxCount = 8;

    /// <summary>The forms that <see cref="Find"/> reads, for messages.</summary>
    internal const string Forms = "column, year(column), month(column), day(column) or date(column)";

    /// <summary>
    /// The name of the table's column that has the partition's values: the column itself, or a further column such as <c>ordered_at_year</c>.
    /// </summary>
    public string Name => Part == PartitionPart.Value ? Column : $"{Column}_{Part.ToString().ToLowerInvariant()}";

    /// <summary>Whether the values are in a further column, which the feed's files do not have.</summary>
    public bool IsDerived => Part != PartitionPart.Value;

    /// <summary>Whether the values are numbers of 32 bits.</summary>
    public bool IsNumber => Part is PartitionPart.Year or PartitionPart.Month or PartitionPart.Day;

    /// <summary>Parses a field; null if the text has none of the known forms.</summary>
    /// <param name="text">For example <c>country</c> or <c>year(ordered_at)</c>; the case of the part does not matter.</param>
    public static PartitionField? Find(string text)
    {
        if (Call().Match(text) is not { Success: true } match)
            return string.IsNullOrWhiteSpace(text) ? null : new(text.Trim());
        // Compares names, because Enum.Parse would accept numbers, and Value is no part of a date.
        return Enum.GetValues<PartitionPart>().Where(p => p != PartitionPart.Value)
            .Where(p => match.Groups["part"].ValueSpan.Equals(p.ToString(), StringComparison.OrdinalIgnoreCase))
            .Select(p => new PartitionField(match.Groups["column"].Value.Trim(), p)).FirstOrDefault();
    }

    /// <summary>Whether values of a type can be divided in this way.</summary>
    public bool Suits(ColumnType type) => Part switch
    {
        PartitionPart.Value => type is ColumnType.Text or ColumnType.Boolean or ColumnType.BigInt or ColumnType.Decimal or ColumnType.Date,
        PartitionPart.Date => type is ColumnType.Timestamp or ColumnType.TimestampTz,
        _ => type is ColumnType.Date or ColumnType.Timestamp or ColumnType.TimestampTz,
    };

    /// <inheritdoc/>
    public override string ToString() => Part == PartitionPart.Value ? Column : $"{Part.ToString().ToLowerInvariant()}({Column})";

    [GeneratedRegex(@"\A\s*(?<part>[A-Za-z_]+)\s*\((?<column>.+)\)\s*\z", RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex Call();
}
