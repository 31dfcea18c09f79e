using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Json;

/// <summary>The base of the JSON readers. Memory grows with the longest row, up to <see cref="RecordReader.MaxRowBytes"/>.</summary>
internal abstract class JsonReader : RecordReader
{
    private readonly JsonFields _fields = new();
    private FieldSlice[] _slices = new FieldSlice[32];
    private readonly TextStart _start;
    private readonly string _objectUri;

    protected JsonReader(InputBuffer input, string objectUri)
    {
        _objectUri = objectUri;
        _start = new TextStart(input, objectUri);
        Input = input;
        var shape = new JsonShape();
        var text = new JsonText();
        Plain = new JsonPlainRow(shape, text);
        Parser = new JsonRowParser(_fields, shape, text, Current, input);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fields => _fields.Names;

    /// <inheritdoc/>
    public override bool FieldsGrow => true;

    /// <summary>
    /// Whether the reader parses every row, including rows that look like an earlier one. Tests compare both ways, which must give the same result.
    /// </summary>
    public bool ParsesAll { get; init; }

    protected InputBuffer Input { get; }

    protected JsonRowParser Parser { get; }

    protected JsonPlainRow Plain { get; }

    /// <inheritdoc/>
    public override ReadResult Read() => _start.TrySkip() ? ReadRow() : ReadResult.NeedsData;

    /// <inheritdoc/>
    public override ValueTask FillAsync(CancellationToken cancellationToken) => Input.FillAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => Input.DisposeAsync();

    protected abstract ReadResult ReadRow();

    /// <summary>Sets the position of the record to the next row of the input.</summary>
    protected void Locate(long line)
    {
        Current.Buffer = Input.Bytes;
        Current.Line = line;
        Current.ByteOffset = Input.SourceOffset;
    }

    /// <summary>Sets the result for a row that was read.</summary>
    protected ReadResult Take(int length, string? complaint, string? field)
    {
        Current.RawRange = (Input.Start, length);
        (MalformedReason, MalformedField) = (complaint ?? "", field);
        return complaint is null ? ReadResult.Row : ReadResult.Malformed;
    }

    /// <summary>Reads the row at this offset from the start of the input, if it looks like an earlier row. Otherwise it must be parsed.</summary>
    protected bool TryReadPlain(ReadOnlySpan<byte> bytes, int behind, out int length)
    {
        length = 0;
        if (ParsesAll)
            return false;
        if (_slices.Length < Fields.Count)
            _slices = new FieldSlice[Math.Max(Fields.Count, _slices.Length * 2)];
        var slices = _slices.AsSpan(0, Fields.Count);
        Current.ClearScratch();
        if (!Plain.TryRead(bytes, Input.Start + behind, slices, Current.Unescaped, out length))
            return false;
        Current.SetFields(slices);
        return true;
    }

    /// <summary>Parses the value at this offset from the start of the input.</summary>
    protected JsonOutcome Parse(ReadOnlySpan<byte> bytes, int behind, bool isAll)
    {
        var outcome = Parser.Parse(bytes, Input.Start + behind, isAll);
        return outcome == JsonOutcome.TooManyFields ? throw JsonErrors.TooManyFields(Position()) : outcome;
    }

    /// <summary>The position of the row.</summary>
    protected SourcePosition Position() => new(_objectUri, Current.Line, Current.ByteOffset);
}
