using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Fuzz.Oracles;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Fuzz.Checks;

/// <summary>Holds what was loaded against what was read: every row is there once, as a row of the same values or as a reject.</summary>
internal sealed class LoadedRows(Transcript read, bool isBroken, string[] dateFormats, CsvOptions csv, bool mayReject, RowAssemblerOptions options)
{
    private const int MaxRawBytes = 8 * 1024;

    private readonly Dictionary<string, int> _positions = read.Fields.Select((name, i) => (name, i)).ToDictionary(f => f.name, f => f.i, StringComparer.Ordinal);

    private int _at;

    /// <summary>Checks the next batch.</summary>
    public void Check(AssembledBatch batch)
    {
        // What comes out of broken gzip data depends on the pieces it comes in; that it ends in an error does not.
        if (isBroken)
            return;
        var (row, reject) = (0, 0);
        for (; row + reject < batch.RowsRead; _at++)
        {
            FuzzFailure.Unless(_at < read.Entries.Count, () => "more rows are loaded than there are");
            var entry = read.Entries[_at];
            if (reject < batch.Rejects.Count && batch.Rejects[reject].Position.ByteOffset == entry.Offset)
                CheckReject(entry, batch.Rejects[reject++]);
            else
                CheckRow(entry, batch.Rows, row++);
        }

        FuzzFailure.Unless(row == batch.Rows.Count && reject == batch.Rejects.Count, () => $"the rejects of a batch are not those of the file, before {_at}");
    }

    /// <summary>Checks that all was there, where the load came to its end.</summary>
    public void CheckEnd()
        => FuzzFailure.Unless(
            !isBroken && read.Error is null && _at == read.Entries.Count,
            () => $"{_at} rows and rejects were loaded of {read.Entries.Count}, {ErrorCheck.Describe(read.Error)}");

    private void CheckReject(Entry entry, Reject reject)
    {
        FuzzFailure.Unless(entry.Complaint is not null || mayReject, () => $"a value does not fit the type that it proved: {reject.Reason} in {entry}");
        FuzzFailure.Unless(reject.Position.Line == entry.Line && reject.Reason.Length > 0, () => $"reject at {reject.Position} for {entry}");
        FuzzFailure.Unless(entry.Complaint is null || (reject.Reason == entry.Complaint && reject.Position.Column == entry.Field), () => $"reject {reject.Reason} for {entry}");
        FuzzFailure.Unless(options.KeepRawText ? IsRaw(entry.Raw, reject.RawText!) : reject.RawText is null, () => $"raw text {reject.RawText} for {entry}");
    }

    private static bool IsRaw(byte[] raw, string text)
    {
        if (raw.Length <= MaxRawBytes)
            return text == Encoding.UTF8.GetString(raw);
        // Cut before a character, at most three bytes early.
        return Enumerable.Range(MaxRawBytes - 3, 4).Any(length => text == Encoding.UTF8.GetString(raw, 0, length));
    }

    private void CheckRow(Entry entry, RowBatch batch, int row)
    {
        FuzzFailure.Unless(entry.Complaint is null && row < batch.Count, () => $"this is loaded, or lost: {entry}");
        var cells = entry.Cells.ToDictionary(c => c.Field);
        foreach (var vector in batch.Columns)
        {
            var cell = _positions.TryGetValue(vector.Column.Field, out var field) && cells.Remove(field, out var found) ? found : null;
            FuzzFailure.Unless(
                TypedOracle.IsSame(vector, row, cell, dateFormats, csv),
                () => $"{cell?.ToString() ?? "a missing field"} is loaded as {CellValue.From(vector, row) ?? "NULL"} into {vector.Column.TypeName}, {entry}");
            FuzzFailure.Unless(vector.Column.Nullable || !vector.IsNull(row), () => $"NULL in {vector.Column.Name}, {entry}");
        }

        var lost = cells.Values.FirstOrDefault(c => c.Kind != FieldKind.Null && (c.Kind != FieldKind.Unquoted || c.Value.Length > 0));
        FuzzFailure.Unless(lost is null || options.NewFields == NewFieldAction.Ignore, () => $"no column has {lost}, {entry}");
    }
}
