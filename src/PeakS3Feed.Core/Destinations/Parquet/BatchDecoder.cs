using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>Decodes the columns of a file, the same number of rows of each, into vectors that it uses again.</summary>
internal sealed class BatchDecoder : IDisposable
{
    private const long MaxBytes = 8 * 1024 * 1024;
    private const long StepBytes = 1024 * 1024;
    private const int FirstStep = 64;

    private readonly ColumnDecoder?[] _decoders;
    private readonly ColumnVector[] _vectors;
    private readonly int _maxRows;
    private int _step = FirstStep;

    /// <summary>Creates the decoders.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="columns">The columns to read.</param>
    /// <param name="leaves">For each, its column in the file; null if the file lacks it.</param>
    /// <param name="maxRows">The maximum number of rows of a batch.</param>
    public BatchDecoder(
        string file, IReadOnlyList<FeedColumn> columns, IReadOnlyList<(int Index, Native.ColumnDescriptor Leaf)?> leaves, int maxRows)
    {
        _maxRows = maxRows;
        _vectors = [.. columns.Select(ColumnVector.Create)];
        _decoders = [.. columns.Zip(leaves, (c, l) => l is { } leaf ? ColumnDecoder.Create(file, c, leaf.Leaf, leaf.Index) : null)];
    }

    /// <summary>The number of columns.</summary>
    public int Count => _decoders.Length;

    /// <summary>The values of the last batch.</summary>
    public IReadOnlyList<ColumnVector> Vectors => _vectors;

    /// <summary>Begins the chunk of a column in a row group.</summary>
    public void Begin(int column, Native.RowGroupReader group) => _decoders[column]?.Begin(group);

    /// <summary>Decodes the next rows. Returns how many; at least one.</summary>
    /// <param name="first">The number of the first row in the file.</param>
    /// <param name="left">How many rows the row group still has.</param>
    public int Decode(long first, long left)
    {
        foreach (var vector in _vectors)
            vector.Truncate(0);
        var count = 0;
        var bytes = 0L;
        while (count < _maxRows && count < left && bytes < MaxBytes)
        {
            // How long texts are is known only afterwards: so the steps grow while the texts are short, and shrink when they are long.
            var rows = (int)Math.Min(Math.Min(_step, _maxRows - count), left - count);
            for (var i = 0; i < _decoders.Length; i++)
            {
                if (_decoders[i] is { } decoder)
                    decoder.Decode(_vectors[i], rows, first + count);
                else
                    _vectors[i].AppendNulls(rows);
            }
            count += rows;
            var size = _vectors.Sum(v => v.SizeInBytes);
            _step = size - bytes > StepBytes ? Math.Max(1, _step / 2) : Math.Min(ColumnDecoder.SliceRows, _step * 2);
            bytes = size;
        }
        return count;
    }

    public void Dispose()
    {
        foreach (var decoder in _decoders)
            decoder?.Dispose();
    }
}
