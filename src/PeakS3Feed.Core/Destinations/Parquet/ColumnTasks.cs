using System.Collections.Concurrent;
using PeakS3Feed.Rows.Vectors;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>
/// Encodes the columns of a row group, several at a time: while a row group is buffered, the native library lets threads write different columns.
/// </summary>
/// <param name="encoders">The columns.</param>
/// <param name="tasks">How many columns are encoded at a time.</param>
/// <param name="memory">The memory for slices of columns.</param>
internal sealed class ColumnTasks(IReadOnlyList<ColumnEncoder> encoders, int tasks, ScratchPool memory)
{
    /// <summary>The maximum number of rows of one call.</summary>
    public const int MaxRows = 4 * EncodingScratch.Rows;

    // For fewer values, another thread costs more than it saves.
    private const int MinValues = 16 * 1024;

    /// <summary>Encodes some rows of all columns.</summary>
    /// <param name="outputs">The columns of the row group.</param>
    /// <param name="columns">The values.</param>
    /// <param name="from">The first row.</param>
    /// <param name="rows">How many; at most <see cref="MaxRows"/>.</param>
    public async ValueTask WriteAsync(Native.ColumnWriter[] outputs, IReadOnlyList<ColumnVector> columns, int from, int rows)
    {
        // The largest first, so that no thread begins a large one when the others have ended.
        int[] order = [.. Enumerable.Range(0, columns.Count).OrderByDescending(i => columns[i].SizeInBytes)];
        var next = -1;
        var others = (long)rows * columns.Count < MinValues ? 0 : Math.Min(tasks, encoders.Count) - 1;
        var working = Task.WhenAll(Enumerable.Range(0, others).Select(_ => Task.Run(Work)));
        try
        {
            Work();
        }
        catch
        {
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // nothing may write to the native objects once this call ends
            throw;
        }
        await working;

        void Work()
        {
            var scratch = memory.Rent();
            try
            {
                for (int i; (i = Interlocked.Increment(ref next)) < order.Length;)
                {
                    for (var row = from; row < from + rows; row += EncodingScratch.Rows)
                        encoders[order[i]].Write(outputs[order[i]], columns[order[i]], row, Math.Min(EncodingScratch.Rows, from + rows - row), scratch);
                }
            }
            catch
            {
                Interlocked.Exchange(ref next, order.Length); // the others need not encode what is left
                throw;
            }
            finally
            {
                memory.Return(scratch);
            }
        }
    }
}

/// <summary>The memory for slices of columns that the writers of a load share: one for each thread that encodes. Safe for concurrent use.</summary>
internal sealed class ScratchPool
{
    private readonly ConcurrentBag<EncodingScratch> _free = [];

    /// <summary>Takes one.</summary>
    public EncodingScratch Rent() => _free.TryTake(out var scratch) ? scratch : new EncodingScratch();

    /// <summary>Returns one.</summary>
    public void Return(EncodingScratch scratch) => _free.Add(scratch);
}
