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
    private readonly EncodingScratch _scratch = new();
    private readonly OutputBuffer _buffer = new();
    private ManagedOutputStream? _stream;
    private Native.ParquetFileWriter? _file;
    private Native.RowGroupWriter? _group;
    private Native.ColumnWriter[] _columns = [];
    private long _groupRows;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Takes the bytes. The writer owns it.</param>
    /// <param name="fields">The columns; at least one.</param>
    /// <param name="options">How to write.</param>
    public ParquetFileWriter(IStagedFileWriter output, IReadOnlyList<ParquetField> fields, ParquetOptions options)
    {
        (_output, _fields, _options) = (output, fields, options);
        _encoders = [.. fields.Select(f => ColumnEncoder.Create(f.Column))];
    }

    /// <summary>The rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>The size of the file so far. Pages that are not full are not counted.</summary>
    public long Bytes => _buffer.Position + GroupBytes;

    // Pages that the library has compressed, and pages that wait for their dictionary.
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
            var rows = (int)Math.Min(Math.Min(end - from, EncodingScratch.Rows), _options.RowGroupRows - _groupRows);
            for (var i = 0; i < _encoders.Length; i++)
                _encoders[i].Write(_columns[i], columns[i], from, rows, _scratch);
            from += rows;
            Rows += rows;
            _groupRows += rows;
            if (_groupRows >= _options.RowGroupRows || GroupBytes >= _options.RowGroupBytes)
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
