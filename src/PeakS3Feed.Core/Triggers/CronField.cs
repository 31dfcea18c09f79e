using System.Globalization;

namespace PeakS3Feed.Triggers;

/// <summary>One field of a cron expression: its name and its values.</summary>
/// <param name="Name">The field's name, for messages.</param>
/// <param name="Min">The lowest value.</param>
/// <param name="Max">The highest value.</param>
/// <param name="Names">Names of the values, the lowest first; empty if values have no names.</param>
internal sealed record CronFieldKind(string Name, int Min, int Max, params IReadOnlyList<string> Names)
{
    private const int ShortName = 3;

    /// <summary>The fields of Quartz, in their order.</summary>
    public static IReadOnlyList<CronFieldKind> All { get; } =
    [
        new("seconds", 0, 59),
        new("minutes", 0, 59),
        new("hours", 0, 23),
        new("day of month", 1, 31),
        new(
            "month", 1, 12, "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER",
            "DECEMBER"),
        new("day of week", 1, 7, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
        new("year", 1970, 2199),
    ];

    /// <summary>Whether the field selects days, so that it may be <c>?</c>.</summary>
    public bool IsDays => IsDayOfMonth || IsDayOfWeek;

    /// <summary>Whether the field supports the forms with L and W.</summary>
    public bool IsDayOfMonth => Name == "day of month";

    /// <summary>Whether the field supports the forms with L and #.</summary>
    public bool IsDayOfWeek => Name == "day of week";

    /// <summary>Whether ranges and steps continue at the lowest value after the highest one.</summary>
    public bool IsCircle => Name != "year";

    /// <summary>Returns whether a text is longer than a three-letter name, and the beginning of a full name.</summary>
    public bool IsLongName(string text) => text.Length > ShortName && Names.Any(n => n.StartsWith(text, StringComparison.Ordinal));

    /// <summary>Returns the value of a number or a name. A name has at least three letters.</summary>
    /// <exception cref="FormatException">There is no such value.</exception>
    public int Read(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return value > Max ? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"values go up to {Max}"))
                : value < Min ? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"values begin at {Min}"))
                : value;
        }
        for (var i = 0; i < Names.Count && text.Length >= ShortName; i++)
        {
            if (Names[i].StartsWith(text, StringComparison.Ordinal))
                return Min + i;
        }
        throw new FormatException($"\"{text}\" is not a {(Names.Count == 0 ? "number" : $"number or a name such as {Names[0][..ShortName]}")}");
    }
}

/// <summary>One field of a cron expression in Quartz's form.</summary>
/// <param name="Values">The values that it names.</param>
/// <param name="Forms">Days that depend on the month: <c>L</c>, <c>L-3</c>, <c>LW</c> and <c>15W</c>; <c>6L</c> and <c>6#3</c>, with the
/// number of the weekday.</param>
/// <param name="IsAny">Whether a part of it is <c>*</c> or <c>?</c>.</param>
internal sealed record CronField(IReadOnlyCollection<int> Values, IReadOnlyList<string> Forms, bool IsAny)
{
    private const int MaxDaysBeforeLast = 30;
    private const int MaxNth = 5;

    /// <summary>Parses a field, in upper case.</summary>
    /// <exception cref="FormatException">The reason, as the end of a sentence.</exception>
    public static CronField Parse(string text, CronFieldKind kind)
    {
        var parts = text.Split(',');
        var values = new SortedSet<int>();
        var forms = new List<string>();
        foreach (var part in parts)
        {
            if (part.Length == 0)
                throw new FormatException("a part of the list is empty");
            if (kind.IsDayOfWeek && part == "L")
                values.Add(kind.Max);
            else if (ReadForm(part, kind) is { } form)
                forms.Add(form);
            else
                values.UnionWith(ReadValues(part, kind));
        }
        if (kind.IsDayOfWeek && parts.Length > 1 && (forms.Count > 0 || parts.Contains("L", StringComparer.Ordinal)))
            throw new FormatException("a day with L or # must be the only one");
        return new(values, forms, parts.Any(p => p is "*" or "?"));
    }

    private static IEnumerable<int> ReadValues(string part, CronFieldKind kind)
    {
        if (part == "?")
            return kind.IsDays
                ? Range(kind.Min, kind.Max, 1, kind)
                : throw new FormatException("? is allowed only as a day of month or day of week");
        var (range, step) = part.Split('/') switch
        {
            [var all] => (all, (int?)null),
            [var start, var number] => (start, ReadStep(number, kind)),
            _ => throw new FormatException("a part has at most one step"),
        };
        if (range == "*" || (range.Length == 0 && step is not null))
            return Range(kind.Min, kind.Max, step ?? 1, kind);
        if (part.Length > range.Split('-')[0].Length && kind.IsLongName(range.Split('-')[0]))
            throw new FormatException("in a range or before a step, a name has three letters");
        return range.Split('-') switch
        {
            [var one] => Range(kind.Read(one), step is null ? kind.Read(one) : kind.Max, step ?? 1, kind),
            [var from, var to] => Range(kind.Read(from), kind.Read(to), step ?? 1, kind),
            _ => throw new FormatException("a range has two ends"),
        };
    }

    private static int ReadStep(string text, CronFieldKind kind)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step > 0 && (step <= kind.Max || !kind.IsCircle)
            ? step
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"a step is a number from 1 to {kind.Max}"));

    private static IEnumerable<int> Range(int from, int to, int step, CronFieldKind kind)
    {
        var size = kind.Max - kind.Min + 1;
        if (to < from)
            to += kind.IsCircle ? size : throw new FormatException("a range of years must begin with the lower one");
        for (long value = from; value <= to; value += step)
            yield return (int)((value - kind.Min) % size) + kind.Min;
    }

    // Returns null for a part that is a value, a range or a step.
    private static string? ReadForm(string part, CronFieldKind kind)
    {
        if (kind.IsDayOfMonth && part[0] == 'L')
        {
            var before = part[1..].TrimEnd('W');
            if (part[1..].Length - before.Length > 1 || (before.Length > 0 && !(before[0] == '-' && IsNumber(before[1..], 0, MaxDaysBeforeLast))))
                throw new FormatException(
                    $"L is the last day of the month, L-3 a day before it (up to {MaxDaysBeforeLast}), and LW or L-3W the nearest weekday");
            return part;
        }
        if (kind.IsDayOfMonth && part[^1] == 'W')
            return IsNumber(part[..^1], kind.Min, kind.Max)
                ? part
                : throw new FormatException($"W must follow L or one day from 1 to {kind.Max}, as in 15W");
        if (kind.IsDayOfWeek && part.Split('#') is [var day, var nth])
        {
            return IsNumber(nth, 1, MaxNth)
                ? string.Create(CultureInfo.InvariantCulture, $"{kind.Read(day)}#{int.Parse(nth, CultureInfo.InvariantCulture)}")
                : throw new FormatException($"# must be followed by a number from 1 to {MaxNth}");
        }
        return kind.IsDayOfWeek && part[^1] == 'L' ? string.Create(CultureInfo.InvariantCulture, $"{kind.Read(part[..^1])}L") : null;
    }

    private static bool IsNumber(string text, int min, int max)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max;
}
