using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Names and types of a Delta table. Names differ regardless of case and keep the case in which they were created.</summary>
internal sealed class TableTypes : IColumnTypes
{
    /// <summary>The maximum length of a column's name, in bytes of UTF-8: that of Glue.</summary>
    public const int MaxNameBytes = 255;

    public StringComparer NameComparer => StringComparer.OrdinalIgnoreCase;

    public string LedgerName(string table) => table;

    public string TypeName(FeedColumn column) => TableColumns.TypeName(column);

    public bool Accepts(FeedColumn column, TableColumn existing) => string.Equals(TypeName(column), existing.Type, StringComparison.Ordinal);

    public bool CanWiden(FeedColumn from, FeedColumn to) => false;
}
