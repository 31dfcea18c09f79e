using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>Which changes of a loaded column's type keep every value, on every destination.</summary>
internal static class TypeWidening
{
    // A decimal has 38 digits, and a bigint may have 19 of them before the point.
    private const int MaxScaleOfBigInt = 19;

    /// <summary>Returns whether another type can store every value of a type.</summary>
    public static bool IsAllowed(FeedColumn from, FeedColumn to) => KeepsKeys(from, to)
        || (from.Type is ColumnType.Boolean or ColumnType.Decimal or ColumnType.Date or ColumnType.Json && to.Type == ColumnType.Text);

    /// <summary>
    /// Returns whether the same text in a file gives the same key before and after. Text keeps the spelling: a bigint has only one, but other
    /// values may have several (1.5 and 1.50).
    /// </summary>
    public static bool KeepsKeys(FeedColumn from, FeedColumn to) => (from.Type, to.Type) switch
    {
        (ColumnType.BigInt, ColumnType.Decimal) => to.Scale <= MaxScaleOfBigInt,
        (ColumnType.Decimal, ColumnType.Decimal) => to.Scale > from.Scale,
        (ColumnType.Date, ColumnType.Timestamp) or (ColumnType.BigInt, ColumnType.Text) => true,
        _ => false,
    };

    /// <summary>Returns why a change is refused.</summary>
    public static string GetObstacle(FeedColumn from, FeedColumn to) => (from.Type, to.Type) switch
    {
        (ColumnType.BigInt, ColumnType.Double) => "a double rounds integers of more than 15 digits",
        (ColumnType.BigInt, ColumnType.Decimal) => $"a decimal with {to.Scale} digits after the point cannot store a bigint of 19 digits",
        (ColumnType.Decimal, ColumnType.Decimal) => "digits after the point would be lost",
        (ColumnType.Decimal, ColumnType.BigInt) => "a bigint has no digits after the point",
        (ColumnType.Double, ColumnType.Text) => "a double does not keep the digits of the file",
        (ColumnType.Double, _) => "a double is not exact",
        (ColumnType.Text, _) => "a text may be anything",
        (_, ColumnType.Text) => "the files may spell these values differently from the table",
        _ => "the column may hold values that this type cannot store",
    };
}
