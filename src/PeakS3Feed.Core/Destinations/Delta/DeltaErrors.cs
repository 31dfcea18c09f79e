using Microsoft.Data.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>The errors of a table's log. Each is found before anything is changed.</summary>
internal static class DeltaErrors
{
    private const string Restore = "Restore the file from a backup or, in a bucket with versions, remove its delete marker. If that is impossible, "
        + "the table cannot be read: create another one.";

    /// <summary>A file of the log is not as the protocol says.</summary>
    public static FeedException LogInvalid(DeltaPlace place, string reason, Exception? inner = null) => new(
        "DeltaLogInvalid", FeedErrorCategory.InvalidData, $"{place} is no valid entry of a Delta log: {reason}", inner)
    {
        Target = place.File, Position = place.Position,
        Hint = "Something else wrote or damaged the file. Restore it from a backup or from an earlier version of the object.",
    };

    /// <summary>An entry is missing between others.</summary>
    /// <param name="table">The URI of the table's folder.</param>
    /// <param name="missing">The version whose entry is missing.</param>
    /// <param name="next">The next version that is there.</param>
    public static FeedException LogGap(string table, long missing, long next) => new(
        "DeltaLogGap", FeedErrorCategory.InvalidData,
        $"The log of the table {table} is broken: it has version {next}, but {DeltaLogNames.Entry(missing)} is missing.")
    {
        Target = table, Hint = Restore,
    };

    /// <summary>The log does not reach back to its beginning, and there is no checkpoint to begin from.</summary>
    /// <param name="table">The URI of the table's folder.</param>
    /// <param name="first">The first version whose entry is there.</param>
    /// <param name="named">The checkpoint that <c>_last_checkpoint</c> names, or null.</param>
    public static FeedException LogIncomplete(string table, long first, long? named) => new(
        "DeltaLogIncomplete", FeedErrorCategory.InvalidData,
        $"The log of the table {table} begins with version {first}, and no complete checkpoint is there"
        + (named is { } version ? $"; _last_checkpoint names {DeltaLogNames.Checkpoint(version)}." : "."))
    {
        Target = table, Hint = Restore,
    };

    /// <summary>A checkpoint is not as the protocol says.</summary>
    public static FeedException CheckpointInvalid(string file, string reason, Exception? inner = null) => new(
        "DeltaCheckpointInvalid", FeedErrorCategory.InvalidData, $"{file} is no valid checkpoint of a Delta log: {reason}", inner)
    {
        Target = file,
        Hint = "Something else wrote or damaged the file. Restore it from a backup or from an earlier version of the object. If the log has all "
            + "entries from version 0 on, delete the checkpoint.",
    };

    /// <summary>The table has no schema or no protocol.</summary>
    public static FeedException StateMissing(string table, string action) => new(
        "DeltaLogInvalid", FeedErrorCategory.InvalidData, $"The log of the table {table} has no action {action}.")
    {
        Target = table, Hint = Restore,
    };

    /// <summary>The table needs a later version of the protocol.</summary>
    public static FeedException ProtocolNewer(string table, DeltaProtocol protocol) => new(
        "DeltaProtocolNewer", FeedErrorCategory.InvalidOperation,
        $"The table {table} needs version {protocol.MinReaderVersion} of the Delta protocol for readers and {protocol.MinWriterVersion} for writers. "
        + $"This program knows {DeltaFeatures.MaxReaderVersion} and {DeltaFeatures.MaxWriterVersion}.")
    {
        Target = table, Hint = "Another engine upgraded the table. Update PeakS3Feed, or write to a table of another name.",
    };

    /// <summary>The table uses a feature of the protocol that is not known here.</summary>
    /// <param name="table">The URI of the table's folder.</param>
    /// <param name="feature">The feature, by its name in the protocol.</param>
    /// <param name="place">Where it is used, or null.</param>
    public static FeedException FeatureUnknown(string table, string feature, DeltaPlace? place = null) => new(
        "DeltaFeatureUnknown", FeedErrorCategory.InvalidOperation,
        $"The table {table} uses the Delta feature {feature}, which this program does not know{(place is null ? "." : $": {place}.")}")
    {
        Target = table, Position = place?.Position,
        Hint = "Another engine switched the feature on. Remove it there (ALTER TABLE … DROP FEATURE), or write to a table of another name.",
    };

    /// <summary>A data file is not in the folder of the table.</summary>
    public static FeedException PathOutside(DeltaPlace place, string path) => new(
        "DeltaPathOutside", FeedErrorCategory.InvalidData, $"{place} names the data file {path}, which is not in the folder of the table.")
    {
        Target = place.File, Position = place.Position,
        Hint = "Another engine made the table a shallow clone, or moved it. Copy its data into the folder of the table (a deep clone).",
    };

    /// <summary>The schema of the table cannot be read.</summary>
    public static FeedException SchemaInvalid(string reason, Exception? inner = null) => new(
        "DeltaLogInvalid", FeedErrorCategory.InvalidData, $"The schema of the table in its Delta log cannot be read: {reason}", inner)
    {
        Hint = Restore,
    };

    /// <summary>The scratch database with the names of a table's files cannot be used.</summary>
    public static FeedException Scratch(SqliteException inner)
    {
        var folder = Path.GetTempPath();
        var trouble = SqliteFailures.Classify(inner, folder);
        return trouble == SqliteFailure.Full
            ? new("ScratchFull", FeedErrorCategory.ResourceUnavailable,
                "The disk of temporary files is full, so the names of the table's files cannot be stored.", inner)
            {
                Target = folder, Hint = $"Free space in {folder}; the names take about 200 bytes for each file of the table.",
            }
            : new("ScratchFailed", FeedErrorCategory.ResourceUnavailable,
                $"The temporary file with the names of the table's files cannot be used: {SqliteFailures.Describe(trouble, inner)}.", inner)
            {
                Target = folder, Hint = $"Check that {folder} is writable.",
            };
    }

    /// <summary>An entry of the log that was listed is gone.</summary>
    public static FeedException EntryGone(string file) => new(
        "DeltaEntryGone", FeedErrorCategory.ResourceBusy, $"{file} was deleted while the log was read.")
    {
        Target = file, Hint = "Another program cleans the log or deletes the table. Run again.",
    };
}

/// <summary>A place in the log.</summary>
/// <param name="File">The file, as a URI.</param>
/// <param name="Line">The line, from 1; 0 for the whole file.</param>
/// <param name="Byte">The byte, from 0.</param>
internal sealed record DeltaPlace(string File, long Line = 0, long Byte = -1)
{
    /// <summary>The place in an error.</summary>
    public SourcePosition Position => new(File, Line, Byte);

    /// <summary>Returns, for example, <c>s3://acme/lake/orders/_delta_log/00000000000000000007.json, line 3, byte 120</c>.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}, line {Line}, byte {Byte},";
}
