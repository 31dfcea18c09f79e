using System.Text;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>A Delta table in a folder of its own, without data files unless a test writes them.</summary>
internal sealed class DeltaTable : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ListLogger _logger = new();

    public DeltaTable()
    {
        Area = new FolderStagingArea(_folder.Path);
        Log = new DeltaLog(Area, _logger, Time);
    }

    public static FeedColumn[] Columns { get; } = [new("id", "id", ColumnType.BigInt), new("name", "name", ColumnType.Text)];

    public static DeltaProtocol Protocol { get; } = new(1, 2);

    public static DeltaMetadata Metadata { get; } = new()
    {
        Id = "5fba94ed-9794-4965-ba6e-6ee3c0d22af9", SchemaString = DeltaSchema.From(Columns).ToJson(), CreatedTime = 1_700_000_000_000,
    };

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public FolderStagingArea Area { get; }

    public DeltaLog Log { get; }

    public string Folder => _folder.Path;

    public IReadOnlyCollection<string> Lines => _logger.Lines;

    public string this[string name] => _folder[name];

    public static DeltaAdd Add(string name, string? stats = null, params (string Name, string? Value)[] partition) => new()
    {
        Name = name, Size = 100, ModificationTime = 1_700_000_000_001, Stats = stats,
        PartitionValues = partition.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
    };

    public static DeltaRemove Remove(string name, long at = 1_777_636_800_000) => Add(name).Remove(at);

    public Task<DeltaCommitResult> TryCommitAsync(long version, params DeltaAction[] actions)
        => Log.TryCommitAsync(version, Guid.NewGuid(), actions, default);

    public async Task CommitAsync(long version, params DeltaAction[] actions)
        => Assert.Equal(new DeltaCommitted(version), await TryCommitAsync(version, actions));

    public Task CreateAsync(params DeltaAction[] actions) => CommitAsync(0, [Protocol, Metadata, .. actions]);

    /// <summary>Writes a file of the log as another engine would.</summary>
    public async Task WriteAsync(string name, params string[] lines)
    {
        var path = _folder["_delta_log/" + name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, string.Concat(lines.Select(l => l + "\n")));
    }

    public Task WriteEntryAsync(long version, params string[] lines) => WriteAsync(version.ToString("D20", null) + ".json", lines);

    public string ReadEntry(long version) => File.ReadAllText(_folder[DeltaLogNames.Entry(version)], new UTF8Encoding(false, true));

    public async Task<DeltaState> ReadAsync(DeltaState? earlier = null)
        => await Log.ReadAsync(earlier, default) ?? throw new InvalidOperationException("There is no table.");

    public async Task<IReadOnlyList<string>> FilesAsync(DeltaState? state = null)
        => [.. (await Log.ReadFilesAsync(state ?? await ReadAsync(), default).Select(f => f.Name).ToListAsync()).Order(StringComparer.Ordinal)];

    /// <summary>All files below the table with their content, to prove that nothing changed.</summary>
    public IReadOnlyList<(string Name, string Content)> Snapshot() =>
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => (f, Convert.ToBase64String(File.ReadAllBytes(f)))),
    ];

    public void Dispose() => _folder.Dispose();
}
