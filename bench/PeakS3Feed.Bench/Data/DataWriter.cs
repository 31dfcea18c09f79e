using System.Diagnostics;
using PeakS3Feed.Bench.Checks;

namespace PeakS3Feed.Bench.Data;

/// <summary>Writes the file of a data set, and compresses it by gzip -6.</summary>
/// <param name="set">The form of the file, and its minimum size.</param>
/// <param name="rowLimit">The maximum number of rows.</param>
/// <param name="firstRow">The number of the first row.</param>
/// <param name="step">The difference between the numbers of two rows.</param>
internal sealed class DataWriter(DataSet set, long rowLimit, long firstRow = 0, long step = 1)
{
    private const int BlockBytes = 1024 * 1024;

    private readonly RowMaker _maker = new();
    private readonly BenchRow _row = new();
    private readonly Projection _projection = new();
    private readonly RowHash _hash = new();
    private readonly IRowText _text = set.Text;
    private readonly TextBuffer _block = new(BlockBytes * 2);
    private long _bytes;

    public async Task<FileSummary> WriteAsync(string plainPath, string? packedPath)
    {
        await using var plain = File.Create(plainPath);
        using var gzip = packedPath is null ? null : StartGzip(packedPath);
        _text.Begin(_block);
        while (FillBlock())
            await PassOnAsync(plain, gzip);
        _text.End(_block);
        await PassOnAsync(plain, gzip);
        if (gzip is null)
            return new(_hash.Rows, _bytes, 0, _hash.ToString());
        gzip.StandardInput.Close();
        await gzip.WaitForExitAsync();
        if (gzip.ExitCode != 0)
            throw new InvalidOperationException($"gzip ended with {gzip.ExitCode}.");
        return new(_hash.Rows, _bytes, new FileInfo(packedPath!).Length, _hash.ToString());
    }

    // Returns false after the last row. The block may still contain rows then.
    private bool FillBlock()
    {
        var limit = set.Bytes ?? long.MaxValue;
        while (_block.Length < BlockBytes)
        {
            if (_hash.Rows >= rowLimit || _bytes + _block.Length >= limit)
                return false;
            _maker.Make(firstRow + (_hash.Rows * step), _row);
            _text.Add(_block, _row, _hash.Rows == 0);
            _hash.Add(_projection.Of(_row));
        }

        return true;
    }

    private async Task PassOnAsync(Stream plain, Process? gzip)
    {
        await plain.WriteAsync(_block.Memory);
        if (gzip is not null)
            await gzip.StandardInput.BaseStream.WriteAsync(_block.Memory);
        _bytes += _block.Length;
        _block.Clear();
    }

    private static Process StartGzip(string path)
    {
        var start = new ProcessStartInfo("sh", ["-c", "exec gzip -6n >\"$1\"", "sh", path]) { RedirectStandardInput = true, UseShellExecute = false };
        return Process.Start(start) ?? throw new InvalidOperationException("gzip did not start.");
    }
}
