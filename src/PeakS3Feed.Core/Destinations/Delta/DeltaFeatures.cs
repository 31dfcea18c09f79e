using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>The versions and features of the protocol that are known here (Delta Transaction Log Protocol, "Table Features").</summary>
internal static class DeltaFeatures
{
    public const int MaxReaderVersion = 3;
    public const int MaxWriterVersion = 7;
    public const string TimestampNtz = "timestampNtz";

    private const int ListsReaderFeatures = 3;
    private const int ListsWriterFeatures = 7;

    // By the version for writers that introduced them without a list.
    private static readonly (int Version, string[] Features)[] ImpliedForWriters =
    [
        (2, ["appendOnly", "invariants"]), (3, ["checkConstraints"]), (4, ["changeDataFeed", "generatedColumns"]), (5, ["columnMapping"]),
        (6, ["identityColumns"]),
    ];

    // The features that may be listed: those that are honoured, and those whose use GetUsed finds. vacuumProtocolCheck asks of a vacuum to check the
    // protocol before, which is always done here.
    private static readonly HashSet<string> Known = new(
        [.. ImpliedForWriters.SelectMany(i => i.Features), TimestampNtz, "vacuumProtocolCheck"], StringComparer.Ordinal);

    /// <summary>The protocol that a table needs with these columns.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="current">The table's protocol, of which nothing is taken away; null for a new table.</param>
    public static DeltaProtocol Require(IEnumerable<FeedColumn> columns, DeltaProtocol? current = null)
    {
        current ??= new DeltaProtocol(1, 2);
        if (columns.All(c => c.Type != ColumnType.Timestamp) || current.WriterFeatures?.Contains(TimestampNtz, StringComparer.Ordinal) == true)
            return current;
        // What the versions imply must be listed from now on.
        var writers = current.WriterFeatures
            ?? [.. ImpliedForWriters.Where(i => i.Version <= current.MinWriterVersion).SelectMany(i => i.Features)];
        var readers = current.ReaderFeatures ?? (current.MinReaderVersion >= 2 ? ["columnMapping"] : []);
        return new(ListsReaderFeatures, ListsWriterFeatures)
        {
            ReaderFeatures = [.. readers, TimestampNtz],
            WriterFeatures = [.. writers, .. readers.Except(writers, StringComparer.Ordinal), TimestampNtz],
        };
    }

    /// <summary>Throws if a table cannot be read or written here as its protocol asks.</summary>
    /// <exception cref="Errors.FeedException"><c>DeltaProtocolNewer</c>, <c>DeltaFeatureUnknown</c>, <c>DeltaLogInvalid</c>.</exception>
    public static void ThrowIfUnknown(string table, DeltaProtocol protocol, DeltaMetadata metadata)
    {
        if (protocol.MinReaderVersion > MaxReaderVersion || protocol.MinWriterVersion > MaxWriterVersion)
            throw DeltaErrors.ProtocolNewer(table, protocol);
        IEnumerable<string> listed = [];
        if (protocol.MinReaderVersion >= ListsReaderFeatures)
            listed = listed.Concat(protocol.ReaderFeatures ?? throw DeltaErrors.StateMissing(table, "protocol with readerFeatures"));
        if (protocol.MinWriterVersion >= ListsWriterFeatures)
            listed = listed.Concat(protocol.WriterFeatures ?? throw DeltaErrors.StateMissing(table, "protocol with writerFeatures"));
        if ((listed.FirstOrDefault(f => !Known.Contains(f)) ?? FindUsed(metadata)) is { } feature)
            throw DeltaErrors.FeatureUnknown(table, feature);
    }

    /// <summary>Whether the table may only grow: its property says so.</summary>
    public static bool IsAppendOnly(DeltaMetadata metadata) => IsTrue(metadata, "delta.appendOnly");

    // The feature in use that cannot be honoured. A feature that is only listed has no effect.
    private static string? FindUsed(DeltaMetadata metadata)
    {
        if (metadata.Provider != "parquet")
            return $"format {metadata.Provider}";
        const string Constraint = "delta.constraints.";
        if (metadata.Configuration.Keys.FirstOrDefault(k => k.StartsWith(Constraint, StringComparison.OrdinalIgnoreCase)) is { } constraint)
            return $"checkConstraints ({constraint})";
        if (IsTrue(metadata, "delta.enableChangeDataFeed"))
            return "changeDataFeed";
        if (metadata.Configuration.TryGetValue("delta.columnMapping.mode", out var mode) && mode is not (null or "" or "none"))
            return $"columnMapping ({mode})";
        foreach (var field in DeltaSchema.Parse(metadata.SchemaString).Fields)
        {
            foreach (var (member, feature) in ((string Member, string Feature)[])
                [
                    ("delta.invariants", "invariants"), ("delta.generationExpression", "generatedColumns"),
                    ("delta.identity.start", "identityColumns"),
                ])
            {
                if (field.HasMetadata(member))
                    return $"{feature} (column {field.Name})";
            }
            if (!field.Nullable)
                return $"invariants (column {field.Name} is NOT NULL)";
        }
        return null;
    }

    private static bool IsTrue(DeltaMetadata metadata, string property)
        => metadata.Configuration.TryGetValue(property, out var value) && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}
