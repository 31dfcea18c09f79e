using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PeakS3Feed.Formats.Json;

/// <summary>
/// The bytes around the values in a file's rows: before each value (<c>,"name": </c> with its blanks) and after the last one. Most rows of a file
/// have the same bytes there, so they are compared instead of parsed. Their validity does not depend on the values, and they come from valid rows.
/// </summary>
internal sealed class JsonShape
{
    /// <summary>The step before the first value.</summary>
    public const int RowStart = 0;

    // Rows with more members, or with names that are data, have no common shape.
    private const int MaxSteps = 512;
    private const int MaxBytes = 16 * 1024;

    // The number of steps to try when a row omits members.
    private const int MaxTries = 32;

    private readonly List<(int Field, int Start, int Length)> _row = [];
    private JsonStep[] _steps = new JsonStep[32];
    private byte[] _bytes = new byte[512];
    private int _count;
    private int _length;

    public JsonShape() => Forget();

    /// <summary>A step of the way through a row.</summary>
    public ref readonly JsonStep this[int step] => ref _steps[step];

    /// <summary>Returns the step after <paramref name="step"/> that the bytes begin with; -1 where there is none.</summary>
    public int Follow(int step, ReadOnlySpan<byte> bytes)
    {
        var next = _steps[step].Next;
        return Matches(next, bytes) ? next : Search(step, bytes);
    }

    /// <summary>Starts recording the steps of a row.</summary>
    public void BeginRow() => _row.Clear();

    /// <summary>Records the bytes before a field's value, or after the last value where the field is -1.</summary>
    public void AddStep(int field, int start, int end)
    {
        if (_row.Count <= MaxSteps)
            _row.Add((field, start, end - start));
    }

    /// <summary>Learns the recorded steps, after the row turned out to be valid.</summary>
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

    /// <summary>Removes all steps.</summary>
    public void Forget()
    {
        // The first step has no bytes and cannot follow another step.
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
        // Only the first step of a row begins with {, and it always does.
        if (bytes.IsEmpty || (bytes[0] == '{') != (step == RowStart))
            return -1;
        // A row that omits members continues with a later step.
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

/// <summary>The bytes before a value or after the last one, and the step that usually follows.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct JsonStep
{
    /// <summary>The field whose value follows, or -1 at the end of the row.</summary>
    public int Field;

    /// <summary>The index of the bytes in the buffer of the shape.</summary>
    public int Start;

    /// <summary>The number of bytes.</summary>
    public int Length;

    /// <summary>The step that followed this one last.</summary>
    public int Next;

    /// <summary>The first 16 bytes, padded with zeros.</summary>
    public Vector128<byte> Begins;

    /// <summary>A mask with ones for the bytes of <see cref="Begins"/>.</summary>
    public Vector128<byte> Mask;
}
