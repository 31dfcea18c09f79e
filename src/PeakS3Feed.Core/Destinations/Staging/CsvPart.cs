using System.IO.Compression;
using System.Security.Cryptography;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>One gzip CSV file while it is written. For one task at a time.</summary>
internal sealed class CsvPart : IAsyncDisposable
{
    private const int FlushBytes = 64 * 1024;

    private readonly IStagingArea _area;
    private readonly string _name;
    private readonly FeedSchema _schema;
    private readonly IStagedFileWriter _file;
    private readonly MemoryStream _compressed = new(FlushBytes * 2);
    private readonly GZipStream _gzip;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _rows;
    private long _flushed;
    private long _first = long.MaxValue;
    private long _last = -1;

    public CsvPart(IStagingArea area, string name, FeedSchema schema)
    {
        (_area, _name, _schema) = (area, name, schema);
        _file = area.Create(name);
        // The fastest level: the files are read once, and compressing harder would be the slowest step of a load.
        _gzip = new GZipStream(_compressed, CompressionLevel.Fastest, leaveOpen: true);
    }

    /// <summary>The compressed bytes so far; the compressor holds back some.</summary>
    public long Bytes => _flushed + _compressed.Length;

    /// <summary>Appends encoded rows of one object.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> encoded, int rows, long ordinal, CancellationToken cancellationToken)
    {
        _gzip.Write(encoded.Span);
        _rows += rows;
        _first = Math.Min(_first, ordinal);
        _last = Math.Max(_last, ordinal);
        if (_compressed.Length >= FlushBytes)
            await FlushAsync(cancellationToken);
    }

    /// <summary>Completes the file.</summary>
    public async Task<WrittenPart> CompleteAsync(CancellationToken cancellationToken)
    {
        await _gzip.DisposeAsync();
        await FlushAsync(cancellationToken);
        await _file.CompleteAsync(cancellationToken);
        var staged = new StagedPart(_area.GetUri(_name), _flushed, Convert.ToHexStringLower(_hash.GetCurrentHash()), _rows, _schema);
        return new WrittenPart(_name, staged, _first, _last);
    }

    public async ValueTask DisposeAsync()
    {
        await _gzip.DisposeAsync();
        await _file.DisposeAsync();
        _hash.Dispose();
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var bytes = _compressed.GetBuffer().AsMemory(0, (int)_compressed.Length);
        _hash.AppendData(bytes.Span);
        await _file.WriteAsync(bytes, cancellationToken);
        _flushed += bytes.Length;
        _compressed.SetLength(0);
    }
}

/// <summary>A complete part of a stage.</summary>
/// <param name="Name">Its name in the staging area.</param>
/// <param name="Staged">The part as the destination is given it; the checksum is SHA-256 in hexadecimal digits.</param>
/// <param name="FirstOrdinal">The lowest object number among its rows.</param>
/// <param name="LastOrdinal">The highest one.</param>
internal sealed record WrittenPart(string Name, StagedPart Staged, long FirstOrdinal, long LastOrdinal);
