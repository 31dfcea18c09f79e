using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Fuzz.Checks;

/// <summary>
/// Infers a schema from a file's first rows, or takes any, loads the file through batches and compares every value with the row that was read.
/// </summary>
internal static class AssemblyCheck
{
    private static readonly string[][] DateFormats = [[], [], [], ["dd/MM/yyyy"], ["yyyyMMdd", "dd.MM.yyyy HH:mm:ss"], ["MM/dd/yyyy", "dd/MM/yyyy"]];

    public static async Task RunAsync(FuzzCase c, Transcript read, bool isBroken)
    {
        var formats = c.Dice.Pick(DateFormats);
        var values = ValueFormats.From(formats, c.ValueOptions);
        var sample = c.Dice.OneIn(3) ? int.MaxValue : c.Dice.Few(50);
        if (await InferAsync(c, values, sample) is not { } inferred)
            return;
        var any = c.Dice.OneIn(4) && inferred.Columns.Count > 0;
        var schema = any ? new FeedSchema(inferred.Columns.Select(column => AnyType(column, c.Dice))) : inferred;
        var options = new RowAssemblerOptions
        {
            FeedName = "fuzz",
            ValueFormats = values,
            NewFields = c.Dice.Pick(NewFieldAction.Add, NewFieldAction.Add, NewFieldAction.Ignore, NewFieldAction.Fail),
            MaxBatchRows = c.Dice.Pick(1, 2, 7, 100, 16_384),
            MaxBatchTextBytes = c.Dice.Pick(1, 40, 1000, 4 * 1024 * 1024),
            KeepRawText = !c.Dice.OneIn(8),
            Limits = c.Dice.OneIn(4) ? new ValueLimits { AllowNul = false, StoresJsonValues = true, MaxTextBytes = c.Dice.Pick(3, 1000) } : new ValueLimits(),
        };
        var budget = c.Dice.Pick(1, 2, 10, long.MaxValue);
        // A type that all rows proved takes all of them; a broken file can bring other rows each time.
        var mayReject = any || isBroken || sample != int.MaxValue || options.Limits != new ValueLimits();
        var loaded = await Load.RunAsync(c, schema, options, budget, c.Dice.Chunks(), new LoadedRows(read, isBroken, formats, c.ValueOptions, mayReject, options));
        ErrorCheck.Check(loaded.Error, c.Source.Uri, assembling: true);
        var again = await Load.RunAsync(c, schema, options, budget, c.Dice.Chunks(), new LoadedRows(read, isBroken, formats, c.ValueOptions, mayReject, options));
        if (!isBroken)
            RequireSame(loaded, again);
    }

    private static FeedColumn AnyType(FeedColumn column, Dice dice)
        => dice.OneIn(2) ? column : column with { Type = dice.Pick(Enum.GetValues<ColumnType>()), Scale = dice.Between(0, 38), Nullable = !dice.OneIn(6) };

    private static async Task<FeedSchema?> InferAsync(FuzzCase c, ValueFormats values, int rows)
    {
        var inference = new SchemaInference(values, new ValueLimits());
        try
        {
            await using var reader = await ProductReader.OpenAsync(c, c.Dice.Chunks());
            while (inference.RowsSeen < rows)
            {
                switch (reader.Read())
                {
                    case ReadResult.Row:
                        inference.AddRow(reader);
                        break;
                    case ReadResult.NeedsData:
                        await reader.FillAsync(CancellationToken.None);
                        break;
                    case ReadResult.End:
                        return inference.ToSchema();
                    default:
                        break;
                }
            }

            return inference.ToSchema();
        }
        catch (FeedException e) when (e.Id == "TooManyColumns")
        {
            return null;
        }
        catch (FeedException)
        {
            return inference.ToSchema();
        }
    }

    private static void RequireSame(Load a, Load b)
    {
        FuzzFailure.Unless(ErrorCheck.Describe(a.Error) == ErrorCheck.Describe(b.Error), () => $"loading: {ErrorCheck.Describe(a.Error)}, but {ErrorCheck.Describe(b.Error)} in other pieces");
        FuzzFailure.Unless(a.Batches.Count == b.Batches.Count, () => $"{a.Batches.Count} batches, but {b.Batches.Count} in other pieces");
        foreach (var (x, y) in a.Batches.Zip(b.Batches))
        {
            FuzzFailure.Unless(x.Rows == y.Rows && x.Schema.Equals(y.Schema), () => "a batch differs in other pieces");
            FuzzFailure.Unless(x.Rejects.SequenceEqual(y.Rejects), () => "the rejects differ in other pieces");
        }
    }
}
