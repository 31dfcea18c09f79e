using PeakS3Feed.Errors;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Fuzz.Checks;

/// <summary>What a file's batches were, without their values, which are checked as they come.</summary>
internal sealed record Load(IReadOnlyList<(int Rows, IReadOnlyList<Reject> Rejects, FeedSchema Schema)> Batches, FeedException? Error)
{
    public static async Task<Load> RunAsync(FuzzCase c, FeedSchema schema, RowAssemblerOptions options, long budget, int[] chunks, LoadedRows rows)
    {
        var batches = new List<(int Rows, IReadOnlyList<Reject> Rejects, FeedSchema Schema)>();
        try
        {
            var assembler = new RowAssembler(schema, options);
            await using var reader = await ProductReader.OpenAsync(c, chunks);
            AssembledBatch? batch = null;
            do
            {
                batch = await assembler.ReadAsync(reader, c.Source, batch?.Rows, budget, CancellationToken.None);
                batches.Add((batch.Rows.Count, batch.Rejects, batch.Rows.Schema));
                FuzzFailure.Unless(batch.RowsRead == batch.Rows.Count + batch.Rejects.Count, () => "a batch does not add up");
                FuzzFailure.Unless(batch.Rejects.Count <= budget, () => "a batch has more rejects than it may");
                FuzzFailure.Unless(batch.Rows.Count + batch.Rejects.Count > 0 || batch.EndOfFile, () => "an empty batch before the end");
                rows.Check(batch);
            }
            while (!batch.EndOfFile);
            rows.CheckEnd();
            return new Load(batches, null);
        }
        catch (FeedException e)
        {
            return new Load(batches, e);
        }
    }
}
