using System.Text.Json;
using System.Text.Unicode;

namespace PeakS3Feed.Formats.Json;

/// <summary>
/// Parses one JSON value (RFC 8259) into the fields of a record. System.Text.Json defines the grammar. This class defines what a row may be: an
/// object without duplicate names, without escaped lone surrogates in names or texts, in valid UTF-8, nested at most <see cref="MaxDepth"/> deep.
/// </summary>
internal sealed class JsonRowParser(JsonFields fields, JsonShape shape, JsonText text, Record record, InputBuffer input)
{
    /// <summary>The maximum nesting depth of a row, including the row itself.</summary>
    public const int MaxDepth = 1000;

    // This class checks the depth, not the library, so that the end of a row that is nested too deeply is still found.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private int _fieldsBefore;
    private int _deepest;

    /// <summary>The length of the value in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The index of the first byte that is not valid JSON, from the start of the value.</summary>
    public int InvalidAt { get; private set; }

    /// <summary>The reason why the value is not a row, or null.</summary>
    public string? Complaint { get; private set; }

    /// <summary>The field at fault, or null.</summary>
    public string? FieldAtFault { get; private set; }

    /// <summary>Parses the value at the start of the bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="start">The index of the bytes in the record's buffer.</param>
    /// <param name="isAll">Whether no more bytes can follow. An incomplete value is then <see cref="JsonOutcome.Invalid"/> at their end.</param>
    public JsonOutcome Parse(ReadOnlySpan<byte> bytes, int start, bool isAll)
    {
        record.Clear();
        record.ClearScratch();
        shape.BeginRow();
        Complaint = FieldAtFault = null;
        _deepest = 0;
        _fieldsBefore = fields.Names.Count;
        var outcome = TryParse(bytes, start, isAll);
        if (outcome == JsonOutcome.Value)
            Validate(bytes[..Length], start);
        // Only valid rows add fields.
        if (outcome != JsonOutcome.Value || Complaint is not null)
            fields.Truncate(_fieldsBefore);
        else
            shape.Learn(bytes);
        return outcome;
    }

    /// <summary>Removes the fields that the value added, because the text around it shows that it is not a row.</summary>
    public void Undo()
    {
        shape.Forget();
        fields.Truncate(_fieldsBefore);
    }

    private JsonOutcome TryParse(ReadOnlySpan<byte> bytes, int start, bool isAll)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, isAll, new JsonReaderState(Options));
            if (!reader.Read())
                return JsonOutcome.Partial;
            var whole = reader.TokenType == JsonTokenType.StartObject ? TryReadMembers(ref reader, start) : TryReadOther(ref reader);
            if (fields.TooMany)
                return JsonOutcome.TooManyFields;
            Length = (int)reader.BytesConsumed;
            return whole ? JsonOutcome.Value : JsonOutcome.Partial;
        }
        catch (JsonException e)
        {
            InvalidAt = FindPosition(bytes, e);
            return JsonOutcome.Invalid;
        }
    }

    private bool TryReadMembers(ref Utf8JsonReader reader, int start)
    {
        var likely = 0;
        var behind = 0;
        while (true)
        {
            if (!reader.Read())
                return false;
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                shape.AddStep(-1, behind, (int)reader.BytesConsumed);
                return true;
            }

            var field = FieldOf(ref reader, likely);
            if (fields.TooMany || !reader.Read())
                return false;
            var valueAt = (int)reader.TokenStartIndex;
            var kind = KindOf(reader.TokenType);
            if (kind == FieldKind.JsonNested && !TrySkip(ref reader))
                return false;
            if (field < 0)
                continue;
            record.Set(field, SliceOf(ref reader, kind, field, start, valueAt));
            shape.AddStep(field, behind, valueAt);
            behind = (int)reader.BytesConsumed;
            likely = field + 1;
        }
    }

    private bool TryReadOther(ref Utf8JsonReader reader)
    {
        var what = reader.TokenType switch
        {
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.Null => "null",
            _ => "a boolean",
        };
        Complain($"the row is {what}, not an object", null);
        return reader.TokenType != JsonTokenType.StartArray || TrySkip(ref reader);
    }

    /// <summary>Returns the position of the member's field; -1 when its name makes the object a reject.</summary>
    private int FieldOf(ref Utf8JsonReader reader, int likely)
    {
        var name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            if (!text.TryUnescape(ref reader))
            {
                Complain("a field's name contains an escaped lone surrogate, which is not a character", null);
                return -1;
            }

            name = text.Unescaped;
        }

        var field = fields.PositionOf(name, likely);
        if (field >= record.Count || record.Kind(field) == FieldKind.Missing)
            return field;
        Complain("the row has this field twice", fields.Names[field]);
        return -1;
    }

    private FieldSlice SliceOf(ref Utf8JsonReader reader, FieldKind kind, int field, int start, int valueAt)
    {
        if (kind != FieldKind.JsonString)
            return new FieldSlice(start + valueAt, (int)reader.BytesConsumed - valueAt, kind);
        if (!reader.ValueIsEscaped)
            return new FieldSlice(start + valueAt + 1, reader.ValueSpan.Length, kind);
        if (!text.TryUnescape(ref reader))
            Complain("the text contains an escaped lone surrogate, which is not a character", fields.Names[field]);
        var slice = new FieldSlice(record.ScratchLength, text.Unescaped.Length, kind, Scratch: true);
        record.AppendScratch(text.Unescaped);
        return slice;
    }

    // Moves the reader to the end of the current object or array.
    private bool TrySkip(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        do
        {
            if (!reader.Read())
                return false;
            var opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            _deepest = Math.Max(_deepest, reader.CurrentDepth + (opens ? 1 : 0));
        }
        while (reader.CurrentDepth > depth);
        return true;
    }

    private void Validate(ReadOnlySpan<byte> value, int start)
    {
        if (!Utf8.IsValid(value))
            (Complaint, FieldAtFault) = (input.DescribeInvalid(start, value), null);
        else if (_deepest > MaxDepth)
            (Complaint, FieldAtFault) = ("the row is nested more than 1,000 deep", null);
    }

    // Keeps the first reason only.
    private void Complain(string complaint, string? field)
    {
        if (Complaint is null)
            (Complaint, FieldAtFault) = (complaint, field);
    }

    private static FieldKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.String => FieldKind.JsonString,
        JsonTokenType.Number => FieldKind.JsonNumber,
        JsonTokenType.True or JsonTokenType.False => FieldKind.JsonBoolean,
        JsonTokenType.Null => FieldKind.Null,
        _ => FieldKind.JsonNested,
    };

    private static int FindPosition(ReadOnlySpan<byte> bytes, JsonException e)
    {
        var lineStart = 0;
        for (var line = e.LineNumber ?? 0; line > 0; line--)
            lineStart += bytes[lineStart..].IndexOf((byte)'\n') + 1;
        return (int)Math.Min(lineStart + (e.BytePositionInLine ?? 0), bytes.Length);
    }
}

/// <summary>The result of parsing one value.</summary>
internal enum JsonOutcome
{
    /// <summary>A complete value: a row, or a reject.</summary>
    Value,

    /// <summary>An incomplete value.</summary>
    Partial,

    /// <summary>The bytes are not JSON.</summary>
    Invalid,

    /// <summary>A value with more fields than a file may have.</summary>
    TooManyFields,
}
