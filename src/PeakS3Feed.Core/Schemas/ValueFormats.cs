using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Schemas;

/// <summary>The accepted forms of the values of a feed. Immutable.</summary>
public sealed record ValueFormats
{
    /// <summary>The forms of a feed that specifies none.</summary>
    public static ValueFormats Default { get; } = new();

    /// <summary>Dates and times.</summary>
    public DateFormatSet Dates { get; init; } = DateFormatSet.Iso;

    /// <summary>Booleans in CSV.</summary>
    public BooleanFormat Booleans { get; init; } = BooleanFormat.Words;

    /// <summary>Numbers in CSV; null for numbers with a decimal point and without groups.</summary>
    public NumberFormat? Numbers { get; init; }

    /// <summary>Returns the forms that the settings of a feed specify. Throws with id <c>DateFormatInvalid</c>.</summary>
    public static ValueFormats From(IReadOnlyList<string> dateFormats, CsvOptions csv)
    {
        ArgumentNullException.ThrowIfNull(csv);
        return new()
        {
            Dates = new DateFormatSet(dateFormats),
            Booleans = csv.BooleanValues is { } pairs ? new BooleanFormat(pairs) : BooleanFormat.Words,
            Numbers = csv is { DecimalSeparator: null, GroupSeparator: null }
                ? null
                : new NumberFormat(csv.DecimalSeparator ?? '.', csv.GroupSeparator),
        };
    }
}
