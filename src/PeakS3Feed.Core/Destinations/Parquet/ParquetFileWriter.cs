using ParquetSharp.IO;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows.Vectors;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>
/// Writes one Parquet file. For one task at a time. Holds one row group in memory, as encoded and compressed, and one page of each column.
/// </summary>
internal sealed class ParquetFileWriter : IAsyncDisposable
{
    private readonly IStagedFileWriter _output;
    private readonly IReadOnlyList<ParquetField> _fields;
    private readonly ParquetOptions _options;
    private readonly ColumnEncoder[] _encoders;
    private readonly ColumnTasks _tasks;
    private readonly OutputBuffer _buffer = new();
    private ManagedOutputStream? _stream;
    private Native.ParquetFileWriter? _file;
    private Native.RowGroupWriter? _group;
    private Native.ColumnWriter[] _columns = [];
    private long _groupRows;
    private long _encodedBytes; // of complete row groups

    /// <summary>Begins a file.</summary>
    /// <param name="output">Takes the bytes. The writer owns it.</param>
    /// <param name="fields">The columns; at least one.</param>
    /// <param name="options">How to write.</param>
    /// <param name="memory">Memory that several writers share; null for some of its own.</param>
    public ParquetFileWriter(IStagedFileWriter output, IReadOnlyList<ParquetField> fields, ParquetOptions options, ScratchPool? memory = null)
    {
        (_output, _fields, _options) = (output, fields, options);
        _encoders = [.. fields.Select(f => ColumnEncoder.Create(f.Column))];
        _tasks = new ColumnTasks(_encoders, options.Tasks, memory ?? new ScratchPool());
    }

    /// <summary>The rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>
    /// The size of the file so far, about. The open row group counts as if it were compressed as well as the others are. Pages that are not full are
    /// not counted.
    /// </summary>
    public long Bytes
        => _buffer.Position + (_encodedBytes == 0 ? GroupBytes : (long)((double)GroupBytes * _buffer.Position / _encodedBytes));

    // The pages of the open row group before compression, and pages that wait for their dictionary.
    private long GroupBytes => _group is { } group ? group.TotalBytesWritten + group.TotalCompressedBytes : 0;

    /// <summary>Writes rows.</summary>
    /// <param name="columns">The columns, in the order of the fields and of their types.</param>
    /// <param name="from">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Ends the call; the file can then only be disposed.</param>
    /// <exception cref="Errors.FeedException"><c>ParquetNotAvailable</c>, and the errors of staged files.</exception>
    public async ValueTask WriteAsync(IReadOnlyList<ColumnVector> columns, int from, int count, CancellationToken cancellationToken)
    {
        if (columns.Count != _encoders.Length)
            throw new ArgumentException($"{columns.Count} columns instead of {_encoders.Length}.", nameof(columns));
        _file ??= Begin(columns, from, count);
        for (var end = from + count; from < end;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_group is null)
                BeginGroup(_file);
            var rows = (int)Math.Min(Math.Min(end - from, ColumnTasks.MaxRows), _options.RowGroupRows - _groupRows);
            await _tasks.WriteAsync(_columns, columns, from, rows);
            from += rows;
            Rows += rows;
            _groupRows += rows;
            if (_groupRows >= _options.RowGroupRows || GroupBytes >= Math.Min(_options.RowGroupBytes, _options.FileBytes))
                await EndGroupAsync(cancellationToken);
        }
    }

    /// <summary>Completes the file. It is durable then.</summary>
    /// <exception cref="Errors.FeedException"><c>ParquetNotAvailable</c>, and the errors of staged files.</exception>
    public async Task<ParquetFileInfo> CompleteAsync(CancellationToken cancellationToken)
    {
        _file ??= Begin([], 0, 0);
        await EndGroupAsync(cancellationToken);
        _file.Close();
        await _buffer.DrainAsync(_output, cancellationToken);
        await _output.CompleteAsync(cancellationToken);
        return new(_buffer.Position, Rows, [.. _encoders.Select(e => e.GetStatistics())]);
    }

    /// <summary>Discards the file, unless it is complete.</summary>
    public async ValueTask DisposeAsync()
    {
        _buffer.Discard();
        _file?.Dispose();
        _stream?.Dispose();
        await _output.DisposeAsync();
    }

    private Native.ParquetFileWriter Begin(IReadOnlyList<ColumnVector> columns, int from, int count)
    {
        ParquetLibrary.Load();
        using var schema = ParquetTypes.CreateSchema(_fields);
        using var properties = WriterSettings.Create(_options, columns, _fields, from, count);
        _stream = new ManagedOutputStream(_buffer, leaveOpen: true);
        return new Native.ParquetFileWriter(_stream, schema, properties);
    }

    private void BeginGroup(Native.ParquetFileWriter file)
    {
        _group = file.AppendBufferedRowGroup();
        _columns = [.. Enumerable.Range(0, _encoders.Length).Select(_group.Column)];
        _groupRows = 0;
    }

    // Closes one column after the other, so that the bytes of a column leave memory before those of the next one are copied.
    private async ValueTask EndGroupAsync(CancellationToken cancellationToken)
    {
        if (_group is not { } group)
            return;
        _encodedBytes += GroupBytes;
        foreach (var column in _columns)
        {
            column.Close();
            await _buffer.DrainAsync(_output, cancellationToken);
        }
        group.Close();
        (_group, _columns) = (null, []);
        await _buffer.DrainAsync(_output, cancellationToken);
    }
}
