using System.Runtime.ExceptionServices;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows.Cells;

namespace PeakS3Feed.Rows;

/// <summary>
/// Appends the rows of a block column by column, on this thread and on others of the pool where processors are idle. No thread waits for one that has
/// not begun. One caller at a time.
/// </summary>
internal sealed class ParallelColumns : IThreadPoolWorkItem
{
    // Less is faster alone than it takes another thread to begin.
    private const int MinCells = 4096;
    private const int MaxHelpers = 3;

    private static readonly int Helpers = Math.Min(Environment.ProcessorCount - 1, MaxHelpers);

    private readonly object _gate = new();
    private CellWriter[] _writers = [];
    private FieldBinding _binding = null!;
    private RowBlock _block = null!;
    private int _from;
    private int _end;
    private int _next;
    private int _queued;
    private int _working;
    private bool _isOpen;
    private ExceptionDispatchInfo? _error;

    /// <summary>
    /// Appends rows to each column, up to the first value that a column cannot store. Returns the row at which it stopped; columns may have rows
    /// after it, which the caller removes.
    /// </summary>
    /// <param name="writers">The columns.</param>
    /// <param name="binding">The field of each column.</param>
    /// <param name="block">The rows.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">The row after the last one.</param>
    public int Append(CellWriter[] writers, FieldBinding binding, RowBlock block, int from, int to)
    {
        (_writers, _binding, _block, _from, _end, _next) = (writers, binding, block, from, to, 0);
        var helpers = (long)(to - from) * writers.Length < MinCells ? 0 : Math.Min(Helpers, writers.Length - 1);
        if (helpers <= 0)
        {
            AppendColumns();
            return _end;
        }

        try
        {
            Call(helpers);
            AppendColumns();
        }
        finally
        {
            Close();
        }

        _error?.Throw();
        return _end;
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            _queued--;
            if (!_isOpen) return; // it came too late
            _working++;
        }

        try
        {
            AppendColumns();
        }
        catch (Exception e)
        {
            _error = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            lock (_gate)
            {
                _working--;
                Monitor.Pulse(_gate);
            }
        }
    }

    private void Call(int helpers)
    {
        lock (_gate)
        {
            _isOpen = true;
            helpers -= _queued;
            _queued += helpers;
        }

        for (; helpers > 0; helpers--)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Close()
    {
        lock (_gate)
        {
            _isOpen = false;
            while (_working > 0) Monitor.Wait(_gate);
        }
    }

    private void AppendColumns()
    {
        for (int column; (column = Interlocked.Increment(ref _next) - 1) < _writers.Length;)
        {
            var end = Volatile.Read(ref _end);
            if (end == _from) return;
            var (writer, field) = (_writers[column], _binding.FieldOfColumn[column]);
            var stopped = field >= 0 ? writer.AppendRows(_block, field, _from, end) : writer.TryAppendNulls(end - _from) ? end : _from;
            while (stopped < end)
                end = Interlocked.CompareExchange(ref _end, stopped, end) is var other && other == end ? stopped : other;
        }
    }
}
