using System.Globalization;

namespace PeakS3Feed.Bench.Suite;

/// <summary>What bench/run was asked for.</summary>
internal sealed record SuiteOptions
{
    /// <summary>The small data and the rows that fit into five minutes.</summary>
    public bool Quick { get; private init; }

    /// <summary>Some rows only; null for all.</summary>
    public IReadOnlyList<string>? Only { get; private init; }

    /// <summary>One size only, XS, M, S or L; null for those that the table has.</summary>
    public string? Size { get; private init; }

    /// <summary>How often each takes its turn; null for as often as the row asks for.</summary>
    public int? Rounds { get; private init; }

    /// <summary>Whether what comes out is kept and written into docs/benchmarks.md.</summary>
    public bool Save { get; private init; }

    /// <summary>Whether all rows run as the table has them.</summary>
    public bool IsWhole => Only is null && Size is null && Rounds is null;

    /// <summary>Reads the command line; null when it is not understood.</summary>
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
