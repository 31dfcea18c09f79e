using System.Text;

namespace PeakS3Feed.Formats;

/// <summary>The values that mean NULL, in addition to the unquoted empty value.</summary>
/// <param name="values">Unquoted values.</param>
/// <param name="emptyAsNull">Whether the quoted empty value means NULL, too.</param>
internal sealed class NullValues(IReadOnlyList<string> values, bool emptyAsNull = false)
{
    private readonly byte[][] _values = [.. values.Select(Encoding.UTF8.GetBytes)];
    private readonly int _longest = values.Count == 0 ? -1 : values.Max(Encoding.UTF8.GetByteCount);

    /// <summary>Marks the fields that are NULL. A value with an escape is literal and never NULL.</summary>
    public void Mark(Record record)
    {
        if (!Any && !emptyAsNull)
            return;
        for (var field = 0; field < record.Count; field++)
        {
            var slice = record.Slice(field);
            if ((slice is { Kind: FieldKind.Unquoted, Scratch: false } && IsNull(record.Value(field)))
                || (slice.Kind == FieldKind.Quoted && IsNullInQuotes(record.Value(field))))
                record.SetKind(field, FieldKind.Null);
        }
    }

    /// <summary>Whether a quoted value means NULL.</summary>
    public bool IsNullInQuotes(ReadOnlySpan<byte> value) => emptyAsNull && value.IsEmpty;

    /// <summary>Whether the feed has such values.</summary>
    public bool Any => _longest >= 0;

    /// <summary>Whether an unquoted value means NULL.</summary>
    public bool IsNull(ReadOnlySpan<byte> value)
    {
        if (value.Length > _longest)
            return false;
        foreach (var candidate in _values)
        {
            if (value.SequenceEqual(candidate))
                return true;
        }

        return false;
    }
}
