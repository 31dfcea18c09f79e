namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// The settings of CSV that are refused for files of other types. Programs that know only the first major version of the definitions' format would
/// ignore all of them except the separator.
/// </summary>
internal static class CsvOnlySettings
{
    /// <summary>The names of the properties.</summary>
    public static IReadOnlyList<string> Names { get; } = [nameof(CsvOptions.Separator), .. Further.Select(s => s.Name)];

    private static (string Name, Func<CsvOptions, bool> IsSet)[] Further =>
    [
        (nameof(CsvOptions.CommentPrefix), o => o.CommentPrefix is not null),
        (nameof(CsvOptions.TrimValues), o => o.TrimValues),
        (nameof(CsvOptions.EmptyAsNull), o => o.EmptyAsNull),
        (nameof(CsvOptions.SkipLastRows), o => o.SkipLastRows != 0),
        (nameof(CsvOptions.BooleanValues), o => o.BooleanValues is not null),
        (nameof(CsvOptions.DecimalSeparator), o => o.DecimalSeparator is not null),
        (nameof(CsvOptions.GroupSeparator), o => o.GroupSeparator is not null),
    ];

    /// <summary>The names of those that are set, except the separator.</summary>
    public static IEnumerable<string> FindFurther(CsvOptions options) => Further.Where(s => s.IsSet(options)).Select(s => s.Name);

    /// <summary>Returns the options with the defaults of these settings.</summary>
    public static CsvOptions Reset(CsvOptions options)
    {
        var standard = new CsvOptions();
        return options with
        {
            Separator = standard.Separator,
            IsSeparatorUnset = true,
            CommentPrefix = standard.CommentPrefix,
            TrimValues = standard.TrimValues,
            EmptyAsNull = standard.EmptyAsNull,
            SkipLastRows = standard.SkipLastRows,
            BooleanValues = standard.BooleanValues,
            DecimalSeparator = standard.DecimalSeparator,
            GroupSeparator = standard.GroupSeparator,
        };
    }
}
