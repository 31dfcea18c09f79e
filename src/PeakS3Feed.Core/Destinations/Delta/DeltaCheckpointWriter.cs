using ParquetSharp.IO;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// Writes a classic checkpoint (V1): one Parquet file with a row for each action. For one task at a time. Holds one row group, as encoded and
/// compressed.
/// </summary>
internal sealed class DeltaCheckpointWriter : IAsyncDisposable
{
    private const long RowGroupBytes = 16L * 1024 * 1024;
    private const long MaxGroupRows = 256 * 1024;
    private const int BatchRows = 4096;
    private const long BatchBytes = 1024 * 1024;

    private readonly TransactionGroup _transactions = new();
    private readonly AddGroup _adds = new();
    private readonly RemoveGroup _removes = new();
    private readonly MetadataGroup _metadata = new();
    private readonly ProtocolGroup _protocol = new();
    private readonly CheckpointGroup[] _groups; // in the order of the schema
    private readonly IReadOnlyList<CheckpointLeaf> _leaves;
    private readonly IStagedFileWriter _output;
    private readonly OutputBuffer _buffer = new();
    private readonly ManagedOutputStream _stream;
    private readonly Native.ParquetFileWriter _file;
    private Native.RowGroupWriter? _group;
    private Native.ColumnWriter[] _columns = [];
    private int _pending;
    private long _groupRows;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Takes the bytes. The writer owns it.</param>
    /// <exception cref="Errors.FeedException"><c>ParquetNotAvailable</c></exception>
    public DeltaCheckpointWriter(IStagedFileWriter output)
    {
        ParquetLibrary.Load();
        _output = output;
        _groups = [_transactions, _adds, _removes, _metadata, _protocol];
        _leaves = [.. _groups.SelectMany(g => g.Leaves)];
        _stream = new ManagedOutputStream(_buffer, leaveOpen: true);
        using var schema = CheckpointSchema.Create();
        using var builder = new Native.WriterPropertiesBuilder();
        // Readers take all rows of a group of columns, so that neither statistics nor dictionaries save anything.
        using var properties = builder.Compression(Native.Compression.Snappy).DisableDictionary().DisableStatistics().Build();
        _file = new(_stream, schema, properties);
    }

    /// <summary>The actions written so far.</summary>
    public long Actions { get; private set; }

    /// <summary>The files of the table among them.</summary>
    public long Adds { get; private set; }

    /// <summary>The size of the complete file.</summary>
    public long Bytes => _buffer.Position;

    /// <summary>Writes an action.</summary>
    public async ValueTask WriteAsync(DeltaAction action, CancellationToken cancellationToken)
    {
        var group = Append(action);
        foreach (var other in _groups)
        {
            if (other != group)
                other.AddMissing();
        }
        Actions++;
        _pending++;
        if (_pending == BatchRows || (_pending % 64 == 0 && _leaves.Sum(l => l.Bytes) >= BatchBytes))
            await FlushAsync(cancellationToken);
    }

    /// <summary>Completes the file. It is durable then.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await EndGroupAsync(cancellationToken);
        _file.Close();
        await _buffer.DrainAsync(_output, cancellationToken);
        await _output.CompleteAsync(cancellationToken);
    }

    /// <summary>Discards the file, unless it is complete.</summary>
    public async ValueTask DisposeAsync()
    {
        _buffer.Discard();
        _file.Dispose();
        _stream.Dispose();
        await _output.DisposeAsync();
    }

    private CheckpointGroup Append(DeltaAction action)
    {
        switch (action)
        {
            case DeltaAdd add:
                _adds.Append(add);
                Adds++;
                return _adds;
            case DeltaRemove remove:
                _removes.Append(remove);
                return _removes;
            case DeltaTransaction transaction:
                _transactions.Append(transaction);
                return _transactions;
            case DeltaMetadata metadata:
                _metadata.Append(metadata);
                return _metadata;
            case DeltaProtocol protocol:
                _protocol.Append(protocol);
                return _protocol;
            default:
                throw new ArgumentException($"A checkpoint has no {action.GetType().Name}.", nameof(action));
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_pending == 0)
            return;
        if (_group is null)
        {
            _group = _file.AppendBufferedRowGroup();
            _columns = [.. Enumerable.Range(0, _leaves.Count).Select(_group.Column)];
        }
        for (var i = 0; i < _leaves.Count; i++)
            _leaves[i].Write(_columns[i]);
        _groupRows += _pending;
        _pending = 0;
        if (_groupRows >= MaxGroupRows || _group.TotalCompressedBytes >= RowGroupBytes)
            await EndGroupAsync(cancellationToken);
    }

    private async ValueTask EndGroupAsync(CancellationToken cancellationToken)
    {
        if (_group is not { } group)
            return;
        foreach (var column in _columns)
        {
            column.Close();
            await _buffer.DrainAsync(_output, cancellationToken);
        }
        group.Close();
        (_group, _columns, _groupRows) = (null, [], 0);
        await _buffer.DrainAsync(_output, cancellationToken);
    }
}
