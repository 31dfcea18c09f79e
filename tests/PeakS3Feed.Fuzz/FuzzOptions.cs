using System.Globalization;

namespace PeakS3Feed.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = "dotnet run -c Release --project tests/PeakS3Feed.Fuzz -- [--seconds 60] [--seed N] [--cases N] [--format csv|json|ndjson|gzip]";

    private static readonly string[] Formats = ["csv", "json", "ndjson", "gzip"];

    /// <summary>How long to go on; without end where the cases are counted.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The seed of the first case; each further one has the next number.</summary>
    public ulong Seed { get; init; } = (ulong)Random.Shared.NextInt64(1_000_000_000_000);

    /// <summary>How many cases; null for as many as there is time for.</summary>
    public ulong? Cases { get; init; }

    /// <summary>One format only, or null.</summary>
    public string? Format { get; init; }

    /// <summary>Reads the command line; null when it is not understood.</summary>
    public static FuzzOptions? Parse(string[] args)
    {
        var options = new FuzzOptions();
        for (var at = 0; at < args.Length; at += 2)
        {
            var value = at + 1 < args.Length ? args[at + 1] : "";
            var isNumber = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            if (args[at] == "--format" ? !Formats.Contains(value) : !isNumber)
                return null;
            switch (args[at])
            {
                case "--seconds":
                    options = options with { Duration = TimeSpan.FromSeconds(number) };
                    break;
                case "--seed":
                    options = options with { Seed = number };
                    break;
                case "--cases":
                    options = options with { Cases = number };
                    break;
                case "--format":
                    options = options with { Format = value };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
