using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.TestKinds;

/// <summary>One row of a part: its object's number in the load, its number in the object, the object's name, and the values that are not NULL.</summary>
public sealed record PartRow(long Ordinal, long Row, string File, Dictionary<string, JsonElement> Values);

/// <summary>
/// A stage in a folder. Each lane writes parts of its own: JSON, one row a line. An object that may be undone, or each object where a part
/// may hold only one, begins a new part.
/// </summary>
public sealed class PartStage(string folder, string prefix, LoadName name, bool objectsApart, Func<StageEnd, bool> keeps) : IStage
{
    private const int MaxRows = 1000;
    private readonly Lock _lock = new();
    private readonly List<StagedPart> _parts = [];
    private int _lanes;

    public IRowSink OpenLane() => new Lane(this, Interlocked.Increment(ref _lanes));

    public Task<StagedLoad> FinishAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(new StagedLoad(name, [.. _parts]));
    }

    public async Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
    {
        var gone = rows.Select(r => (r.Ordinal, r.Row)).ToHashSet();
        foreach (var part in _parts.ToList())
        {
            var lines = await File.ReadAllLinesAsync(part.Uri, cancellationToken);
            string[] kept = [.. lines.Where(l => Parse(l) is var row && !gone.Contains((row.Ordinal, row.Row)))];
            if (kept.Length == lines.Length)
                continue;
            var path = part.Uri + "r"; // a part is never written again under its name
            await File.WriteAllLinesAsync(path, kept, cancellationToken);
            _parts.Remove(part);
            _parts.Add(Describe(path, kept.Length, part.Schema));
            File.Delete(part.Uri);
        }
        return await FinishAsync(cancellationToken);
    }

    public Task CloseAsync(StageEnd end)
    {
        if (keeps(end))
            return Task.CompletedTask;
        foreach (var path in Directory.GetFiles(folder, $"{prefix}{name}-*"))
            File.Delete(path);
        return Task.CompletedTask;
    }

    /// <summary>Reads a part; throws when it is not the one that was written.</summary>
    public static IEnumerable<PartRow> Read(StagedPart part)
    {
        if (!string.Equals(Checksum(part.Uri), part.Checksum, StringComparison.Ordinal))
            throw new InvalidDataException($"{part.Uri} is not the part that was written.");
        return File.ReadLines(part.Uri).Select(Parse);
    }

    private static PartRow Parse(string line) => JsonSerializer.Deserialize<PartRow>(line)!;

    private static string Checksum(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static StagedPart Describe(string path, long rows, FeedSchema schema) => new(path, new FileInfo(path).Length, Checksum(path), rows, schema);

    private sealed class Lane(PartStage stage, int number) : IRowSink
    {
        private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        private readonly List<StagedPart> _undoable = [];
        private StreamWriter? _part;
        private FeedSchema? _schema;
        private string _path = "";
        private string _file = "";
        private long _ordinal;
        private long _row;
        private long _rows;
        private int _numbers;
        private bool _canUndo;

        public async Task BeginObjectAsync(SourceObject source, long ordinal, bool undoable, CancellationToken cancellationToken)
        {
            if (undoable || stage.UsesObjectsApart)
                await EndPartAsync();
            (_file, _ordinal, _row, _canUndo) = (source.Uri, ordinal, 0, undoable);
        }

        public async Task<IReadOnlyList<RefusedRow>> WriteAsync(RowBatch batch, CancellationToken cancellationToken)
        {
            if (_schema is not null && _schema.Columns.Count != batch.Schema.Columns.Count)
                await EndPartAsync();
            for (var row = 0; row < batch.Count; row++)
            {
                if (_rows == MaxRows)
                    await EndPartAsync();
                _part ??= Open(batch.Schema);
                await _part.WriteLineAsync(JsonSerializer.Serialize(new PartRow(_ordinal, _row++, _file, Values(batch, row)), Json));
                _rows++;
            }
            return [];
        }

        public async Task EndObjectAsync(CancellationToken cancellationToken)
        {
            if (!_canUndo)
                return;
            await EndPartAsync();
            _canUndo = false;
            stage.Add(_undoable);
            _undoable.Clear();
        }

        public async Task UndoObjectAsync(CancellationToken cancellationToken)
        {
            await EndPartAsync();
            _undoable.ForEach(p => File.Delete(p.Uri));
            _undoable.Clear();
            _canUndo = false;
        }

        public async ValueTask DisposeAsync()
        {
            _canUndo = false;
            await EndPartAsync();
        }

        private StreamWriter Open(FeedSchema schema)
        {
            _path = Path.Combine(stage.Folder, string.Create(CultureInfo.InvariantCulture, $"{stage.Prefix}{stage.Name}-{number}-{++_numbers}.part"));
            _schema = schema;
            return new StreamWriter(_path);
        }

        private async Task EndPartAsync()
        {
            if (_part is null)
                return;
            await _part.DisposeAsync();
            var part = Describe(_path, _rows, _schema!);
            if (_canUndo)
                _undoable.Add(part);
            else
                stage.Add([part]);
            (_part, _schema, _rows) = (null, null, 0);
        }

        private static Dictionary<string, JsonElement> Values(RowBatch batch, int row)
        {
            var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var column in batch.Columns)
            {
                if (CellValue.From(column, row) is { } value)
                    values.Add(column.Column.Name, JsonSerializer.SerializeToElement(value is decimal number ? number.ToString(CultureInfo.InvariantCulture) : value));
            }
            return values;
        }
    }

    private string Folder => folder;

    private string Prefix => prefix;

    private LoadName Name => name;

    private bool UsesObjectsApart => objectsApart;

    private void Add(IEnumerable<StagedPart> parts)
    {
        lock (_lock)
            _parts.AddRange(parts);
    }
}
