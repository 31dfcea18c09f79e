using System.Globalization;

namespace PeakS3Feed.Schemas;

/// <summary>One column of a feed.</summary>
/// <param name="Name">The name in the destination (snake_case, assigned once).</param>
/// <param name="Field">The source field: header name or JSON member name, as written in the file.</param>
/// <param name="Type">The column's type.</param>
/// <param name="Scale">Digits behind the point, 0 to 38; only for <see cref="ColumnType.Decimal"/>.</param>
/// <param name="Nullable">Whether NULL is allowed; a NULL in a column that forbids it is a reject.</param>
public sealed record FeedColumn(string Name, string Field, ColumnType Type, int Scale = 0, bool Nullable = true)
{
    /// <summary>The type as written in schemas and messages, for example <c>decimal(38,2)</c>.</summary>
    public string TypeName => Type == ColumnType.Decimal ? $"decimal(38,{Scale})" : Type.ToString().ToLowerInvariant();

    /// <summary>Reads a <see cref="TypeName"/>; any case. Throws <see cref="FormatException"/> when it is none.</summary>
    public static (ColumnType Type, int Scale) ParseType(string name)
    {
        var text = name.Trim();
        if (text.StartsWith("decimal(38,", StringComparison.OrdinalIgnoreCase) && text.EndsWith(')')
            && int.TryParse(text.AsSpan("decimal(38,".Length)[..^1], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var scale)
            && scale is >= 0 and <= 38)
            return (ColumnType.Decimal, scale);
        if (char.IsAsciiLetter(text.FirstOrDefault()) && Enum.TryParse<ColumnType>(text, ignoreCase: true, out var type) && type != ColumnType.Decimal)
            return (type, 0);
        throw new FormatException(
            $"\"{name}\" is not a type; the types are boolean, bigint, decimal(38,scale), double, date, timestamp, timestamptz, text and json.");
    }
}
