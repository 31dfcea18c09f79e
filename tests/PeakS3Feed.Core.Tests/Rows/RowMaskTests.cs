using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Tests.Destinations.Parquet;

namespace PeakS3Feed.Tests.Rows;

/// <summary>Choosing rows of columns.</summary>
public sealed class RowMaskTests
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(63, 0.9)]
    [InlineData(64, 0.1)]
    [InlineData(65, 0.5)]
    [InlineData(1000, 0.0)]
    [InlineData(1000, 1.0)]
    [InlineData(1000, 0.97)]
    public void Chosen_rows_are_copied_in_order(int rows, double share)
    {
        var random = new Random(rows);
        var mask = new RowMask();
        foreach (var chosen in (bool[])[true, false])
        {
            mask.Reset(rows, chosen);
            var kept = Enumerable.Range(0, rows).Where(_ => random.NextDouble() < share).ToHashSet();
            for (var row = 0; row < rows; row++)
                mask[row] = kept.Contains(row);

            Assert.Equal((rows, kept.Count), (mask.Rows, mask.Chosen));
            foreach (var from in GeneratedRows.Create(rows, rows))
            {
                var (expected, actual) = (ColumnVector.Create(from.Column), ColumnVector.Create(from.Column));
                foreach (var row in kept.Order())
                    expected.AppendRows(from, row, 1);
                mask.Copy(from, actual);
                ParquetFiles.AssertEqual(expected, actual);
            }
        }
    }

    [Fact]
    public void Rows_of_another_vector_are_appended_after_those_that_are_there()
    {
        foreach (var (first, second) in GeneratedRows.Create(1, 100).Zip(GeneratedRows.Create(2, 100)))
        {
            var joined = ColumnVector.Create(first.Column);
            joined.AppendRows(first, 10, 70);
            joined.AppendRows(second, 5, 95);

            Assert.Equal(165, joined.Count);
            for (var row = 0; row < 165; row++)
            {
                var (vector, at) = row < 70 ? (first, row + 10) : (second, row - 70 + 5);
                Assert.Equal(PeakS3Feed.Rows.CellValue.From(vector, at), PeakS3Feed.Rows.CellValue.From(joined, row));
            }
        }
    }
}
