using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Copies chosen rows of vectors into vectors of its own, which each copy reuses. For one task at a time.</summary>
internal sealed class SelectedRows
{
    private ColumnVector[] _copies = [];

    /// <summary>Returns vectors with the chosen rows only; valid until the next call.</summary>
    public IReadOnlyList<ColumnVector> Copy(IReadOnlyList<ColumnVector> columns, RowMask rows)
    {
        if (_copies.Length != columns.Count || !_copies.Zip(columns).All(c => c.First.Column == c.Second.Column))
            _copies = [.. columns.Select(c => ColumnVector.Create(c.Column))];
        for (var i = 0; i < _copies.Length; i++)
        {
            _copies[i].Truncate(0);
            rows.Copy(columns[i], _copies[i]);
        }
        return _copies;
    }
}
