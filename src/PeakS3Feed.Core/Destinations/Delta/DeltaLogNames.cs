using System.Globalization;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>The names of the log's files, below the table.</summary>
internal static class DeltaLogNames
{
    public const string Folder = "_delta_log/";
    public const string LastCheckpoint = Folder + "_last_checkpoint";
    private const int Digits = 20;
    private const int PartDigits = 10;

    /// <summary>The entry that makes a version.</summary>
    public static string Entry(long version) => Before(version) + ".json";

    /// <summary>The checkpoint of a version, in one file.</summary>
    public static string Checkpoint(long version) => Before(version) + ".checkpoint.parquet";

    /// <summary>One of several files of the checkpoint of a version.</summary>
    public static string CheckpointPart(long version, int part, int parts)
        => string.Create(CultureInfo.InvariantCulture, $"{Before(version)}.checkpoint.{part:D10}.{parts:D10}.parquet");

    /// <summary>A name before all files of a version, and after all files of earlier ones.</summary>
    public static string Before(long version) => Folder + version.ToString("D20", CultureInfo.InvariantCulture);

    /// <summary>Parses the name of a file of the log. Returns null for names that the log may have besides, which are ignored.</summary>
    public static DeltaLogFile? Parse(string name)
    {
        if (!name.StartsWith(Folder, StringComparison.Ordinal) || name.Length < Folder.Length + Digits
            || !TryParse(name.AsSpan(Folder.Length, Digits), out var version))
            return null;
        var rest = name.AsSpan(Folder.Length + Digits);
        if (rest is ".json")
            return new(DeltaLogFileKind.Entry, version);
        if (rest is ".checkpoint.parquet")
            return new(DeltaLogFileKind.Checkpoint, version);
        const string Start = ".checkpoint.";
        if (!rest.StartsWith(Start))
            return null;
        rest = rest[Start.Length..];
        if (rest.Length == (2 * PartDigits) + 1 + ".parquet".Length && rest[PartDigits] == '.' && rest.EndsWith(".parquet")
            && TryParse(rest[..PartDigits], out var part) && TryParse(rest.Slice(PartDigits + 1, PartDigits), out var parts)
            && part >= 1 && part <= parts && parts <= int.MaxValue)
            return new(DeltaLogFileKind.Checkpoint, version) { Part = (int)part, Parts = (int)parts };
        return rest.EndsWith(".parquet") || rest.EndsWith(".json") ? new(DeltaLogFileKind.CheckpointV2, version) : null;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out long number)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>A file of the log.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Version">The version of the table.</param>
internal sealed record DeltaLogFile(DeltaLogFileKind Kind, long Version)
{
    /// <summary>The number of the part of a checkpoint, from 1.</summary>
    public int Part { get; init; } = 1;

    /// <summary>The number of parts of a checkpoint; 0 for a file that is not numbered.</summary>
    public int Parts { get; init; }
}

/// <summary>What a file of the log is.</summary>
internal enum DeltaLogFileKind
{
    /// <summary>The actions of one commit, as lines of JSON.</summary>
    Entry,

    /// <summary>The actions that count at a version, or a part of them, as Parquet (V1).</summary>
    Checkpoint,

    /// <summary>A checkpoint with a unique name (V2).</summary>
    CheckpointV2,
}
