using System.Globalization;

namespace PeakS3Feed.Bench.Suite;

/// <summary>The options of bench/run.</summary>
internal sealed record SuiteOptions
{
    /// <summary>Whether only small data and few rows are measured, within five minutes.</summary>
    public bool Quick { get; private init; }

    /// <summary>The rows to measure; null for all.</summary>
    public IReadOnlyList<string>? Only { get; private init; }

    /// <summary>The size to measure, XS, M, S or L; null for those in the table.</summary>
    public string? Size { get; private init; }

    /// <summary>The number of rounds; null for the row's own number.</summary>
    public int? Rounds { get; private init; }

    /// <summary>Whether to store the results and write docs/benchmarks.md.</summary>
    public bool Save { get; private init; }

    /// <summary>Whether all rows run as in the table.</summary>
    public bool IsWhole => Only is null && Size is null && Rounds is null;

    /// <summary>Parses the command line; null if it is invalid.</summary>
    public static SuiteOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new SuiteOptions();
        for (var at = 0; at < arguments.Length; at++)
        {
            var value = at + 1 < arguments.Length ? arguments[at + 1] : "";
            switch (arguments[at])
            {
                case "--quick":
                    options = options with { Quick = true };
                    continue;
                case "--save":
                    options = options with { Save = true };
                    continue;
                case "--only" when value.Length > 0 && value.Split(',').All(BenchRows.All.Contains):
                    options = options with { Only = value.Split(',') };
                    break;
                case "--size" when value is "XS" or "M" or "S" or "L":
                    options = options with { Size = value };
                    break;
                case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                default:
                    return null;
            }

            at++;
        }

        return options.IsWhole ? options with { Save = true } : options;
    }

    public bool Wants(string row) => Only?.Contains(row) ?? true;
}
