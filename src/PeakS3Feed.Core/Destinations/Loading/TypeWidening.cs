using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>Which changes of a loaded column's type keep every value, on every destination.</summary>
internal static class TypeWidening
{
    // A decimal has 38 digits, and a bigint may have 19 of them before the point.
    private const int MostScaleOfBigInt = 19;

    /// <summary>Whether every value of a type has its place in another one.</summary>
    public static bool IsAllowed(FeedColumn from, FeedColumn to) => KeepsKeys(from, to)
        || (from.Type is ColumnType.Boolean or ColumnType.Decimal or ColumnType.Date or ColumnType.Json && to.Type == ColumnType.Text);

    /// <summary>
    /// Whether the same text in a file gives the same key before and after. Text keeps what was written: a bigint is written in one way
    /// only, but other values may be written in several (1.5 and 1.50).
    /// </summary>
    public static bool KeepsKeys(FeedColumn from, FeedColumn to) => (from.Type, to.Type) switch
    {
        (ColumnType.BigInt, ColumnType.Decimal) => to.Scale <= MostScaleOfBigInt,
        (ColumnType.Decimal, ColumnType.Decimal) => to.Scale > from.Scale,
        (ColumnType.Date, ColumnType.Timestamp) or (ColumnType.BigInt, ColumnType.Text) => true,
        _ => false,
    };

    /// <summary>Why a change is refused.</summary>
    public static string WhyNot(FeedColumn from, FeedColumn to) => (from.Type, to.Type) switch
    {
        (ColumnType.BigInt, ColumnType.Double) => "a double holds integers of more than 15 digits only roughly",
        (ColumnType.BigInt, ColumnType.Decimal) => $"a decimal with {to.Scale} digits after the point has no room for a bigint of 19 digits",
        (ColumnType.Decimal, ColumnType.Decimal) => "digits after the point would be lost",
        (ColumnType.Decimal, ColumnType.BigInt) => "a bigint has no digits after the point",
        (ColumnType.Double, ColumnType.Text) => "a double does not keep the digits as the file has them",
        (ColumnType.Double, _) => "a double is not exact",
        (ColumnType.Text, _) => "a text need not be such a value",
        (_, ColumnType.Text) => "the files may have other text for these values than the table",
        _ => "not every value that the column may hold is such a value",
    };
}
