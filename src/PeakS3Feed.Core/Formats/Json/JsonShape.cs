using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PeakS3Feed.Formats.Json;

/// <summary>
/// How the rows of a file have been written around their values: what stands before a value (<c>,"name": </c> with its blanks) and behind the
/// last one, byte by byte. Rows of one file mostly have the same there, so it is compared and not taken apart again. Whether such
/// bytes are right does not depend on the values, and they were taken from rows that are.
/// </summary>
internal sealed class JsonShape
{
    /// <summary>Where a row begins.</summary>
    public const int RowStart = 0;

    // Rows of more members than this, or with names that are data, are none that look alike.
    private const int MaxSteps = 512;
    private const int MaxBytes = 16 * 1024;

    // How many are looked through for one that fits when members are left out.
    private const int MaxTries = 32;

    private readonly List<(int Field, int Start, int Length)> _row = [];
    private JsonStep[] _steps = new JsonStep[32];
    private byte[] _bytes = new byte[512];
    private int _count;
    private int _length;

    public JsonShape() => Forget();

    /// <summary>A step of the way through a row.</summary>
    public ref readonly JsonStep this[int step] => ref _steps[step];

    /// <summary>The step that the bytes begin with, which comes behind another one; -1 where they begin with none.</summary>
    public int Follow(int step, ReadOnlySpan<byte> bytes)
    {
        var next = _steps[step].Next;
        return Matches(next, bytes) ? next : Search(step, bytes);
    }

    /// <summary>Begins to look at a row.</summary>
    public void BeginRow() => _row.Clear();

    /// <summary>Notes what stands before a field's value, or behind the last one where the field is -1.</summary>
    public void AddStep(int field, int start, int end)
    {
        if (_row.Count <= MaxSteps)
            _row.Add((field, start, end - start));
    }

    /// <summary>The row that was looked at is a good one: others may look like it.</summary>
    public void Learn(ReadOnlySpan<byte> row)
    {
        if (_row.Count >= MaxSteps)
            return;
        var step = RowStart;
        foreach (var (field, start, length) in CollectionsMarshal.AsSpan(_row))
        {
            var text = row.Slice(start, length);
            var next = _steps[step].Next;
            if (!IsStep(next, field, text))
                next = IndexOf(field, text);
            if (next < 0 && (_count == MaxSteps || _length + length > MaxBytes))
            {
                Forget();
                return;
            }

            if (next < 0)
                next = Add(field, text);
            _steps[step].Next = next;
            step = next;
        }
    }

    /// <summary>Begins anew, with nothing known.</summary>
    public void Forget()
    {
        // The beginning has no bytes and stands for no step that could follow.
        _steps[RowStart] = new JsonStep { Field = -1 };
        _count = 1;
        _length = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Matches(int step, ReadOnlySpan<byte> bytes)
    {
        ref readonly var known = ref _steps[step];
        if (known.Length <= Vector128<byte>.Count && bytes.Length >= Vector128<byte>.Count)
            return step != RowStart && (Vector128.Create(bytes) & known.Mask) == known.Begins;
        return step != RowStart && bytes.StartsWith(_bytes.AsSpan(known.Start, known.Length));
    }

    private bool IsStep(int step, int field, ReadOnlySpan<byte> text)
        => step != RowStart && _steps[step].Field == field && _bytes.AsSpan(_steps[step].Start, _steps[step].Length).SequenceEqual(text);

    private int Search(int step, ReadOnlySpan<byte> bytes)
    {
        // What a row begins with stands nowhere else, and nothing else stands there.
        if (bytes.IsEmpty || (bytes[0] == '{') != (step == RowStart))
            return -1;
        // A row that leaves members out goes on with one that is further behind.
        var likely = _steps[step].Next;
        for (var tries = Math.Min(MaxTries, _count - 1); tries > 0; tries--)
        {
            likely = likely + 1 < _count ? likely + 1 : 1;
            if (Matches(likely, bytes))
                return _steps[step].Next = likely;
        }

        return -1;
    }

    private int IndexOf(int field, ReadOnlySpan<byte> text)
    {
        for (var step = 1; step < _count; step++)
        {
            if (IsStep(step, field, text))
                return step;
        }

        return -1;
    }

    private int Add(int field, ReadOnlySpan<byte> text)
    {
        if (_count == _steps.Length)
            Array.Resize(ref _steps, _count * 2);
        if (_length + text.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + text.Length));
        text.CopyTo(_bytes.AsSpan(_length));
        Span<byte> begins = stackalloc byte[Vector128<byte>.Count];
        Span<byte> mask = stackalloc byte[Vector128<byte>.Count];
        begins.Clear();
        mask.Clear();
        var compared = Math.Min(text.Length, begins.Length);
        text[..compared].CopyTo(begins);
        mask[..compared].Fill(byte.MaxValue);
        _steps[_count] = new JsonStep
        {
            Field = field, Start = _length, Length = text.Length, Begins = Vector128.Create<byte>(begins), Mask = Vector128.Create<byte>(mask),
        };
        _length += text.Length;
        return _count++;
    }
}
