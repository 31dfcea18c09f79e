using System.Text.Unicode;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats.Opening;

namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// Reads CSV of any dialect, by the rules of docs/formats.md. Memory grows with the longest row, up to <see cref="RecordReader.MaxRowBytes"/>. Owns
/// the stream. Reading throws with id <c>CsvQuoteNotClosed</c>, <c>CsvRowTooLong</c>, <c>CsvHeaderInvalid</c>, <c>CsvTooManyFields</c>,
/// <c>FileNotText</c> or <c>EncodingNotUtf8</c>; the constructor throws with id <c>CsvDialectInvalid</c>.
/// </summary>
public sealed partial class CsvReader : RecordReader
{
    /// <summary>The maximum number of fields of a row: as many columns as the widest spreadsheets have.</summary>
    public const int MaxFields = 16_384;

    /// <summary>The start of the reason where text follows a closing quote.</summary>
    internal const string TailReason = "text follows the closing quote";

    private readonly InputBuffer _input;
    private readonly CsvDialect _dialect;
    private readonly NullValues _nulls;
    private readonly CsvRowScanner _scanner;
    private readonly CsvPreamble _preamble;
    private readonly CsvRowBlock _block;
    private readonly CsvBlockScanner _blockScanner;
    private readonly CsvQuotedSpan _span;
    private readonly CsvLineEndWatch _watch;
    private readonly CsvComments? _comments;
    private readonly string _objectUri;

    // The current row: the index after its last byte and after its line end and, where it is badly quoted, the field at fault and the reason.
    private int _rowEnd;
    private int _next;
    private int _badField;
    private string _badQuotes = "";
    private bool _isNotText;
    private long _linesScanned;
    private bool _headerExpected;

    // A line of white space alone is a blank line if values are trimmed. In a file of one column, only a scan of the row shows it.
    private readonly int _leastInBlocks;
    private string[] _fields;
    private long _line = 1;
    private bool _behindCr;
    private (long Line, long ByteOffset) _fieldsAt = (1, 0);

    /// <summary>Creates a reader at the first byte of the content.</summary>
    /// <param name="content">The decompressed content.</param>
    /// <param name="options">The dialect. A separator of null means a comma here; <see cref="RecordReaders"/> detects it.</param>
    /// <param name="objectUri">The name of the object in errors.</param>
    public CsvReader(Stream content, CsvOptions options, string objectUri)
        : this(new InputBuffer(content), options, objectUri)
    {
    }

    internal CsvReader(InputBuffer input, CsvOptions options, string objectUri)
    {
        _input = input;
        _objectUri = objectUri;
        _dialect = new CsvDialect(options);
        _nulls = new NullValues(options.NullValues, options.EmptyAsNull);
        _scanner = new CsvRowScanner(_dialect, Current);
        _comments = _dialect.Comment.Length > 0 ? new CsvComments(input, _dialect) : null;
        _block = new CsvRowBlock(_dialect.Quote, _nulls, _dialect.Trims);
        _watch = new CsvLineEndWatch(_dialect, options.LineEnd);
        _blockScanner = new CsvBlockScanner(_dialect, _block, _watch);
        _span = new CsvQuotedSpan(_dialect);
        _preamble = new CsvPreamble(input, objectUri, options.SkipRows);
        _fields = [.. options.ColumnNames ?? []];
        _headerExpected = options.HasHeader && _fields.Length == 0;
        _leastInBlocks = _dialect.Trims ? 2 : 1;
        Separator = options.Separator ?? ",";
    }

    /// <summary>The name of the object.</summary>
    internal string ObjectUri => _objectUri;

    /// <inheritdoc/>
    internal override string? FileSeparator => Separator;

    /// <summary>The separator that the reader uses.</summary>
    public string Separator { get; }

    /// <inheritdoc/>
    internal override (long Line, long ByteOffset) FieldsAt => _fieldsAt;

    /// <summary>The number of bytes scanned, including repeated scans.</summary>
    internal long BytesScanned => _scanner.Scanned + _span.Scanned + _blockScanner.Scanned + _linesScanned;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fields => _fields;

    /// <inheritdoc/>
    public override bool FieldsGrow => false;

    /// <inheritdoc/>
    public override ReadResult Read()
    {
        if (!_preamble.Done)
        {
            if (!_preamble.TrySkip())
                return ReadResult.NeedsData;
            _line += _preamble.LinesSkipped;
        }

        while (_input.Length > 0 || !_input.Ended)
        {
            if (_behindCr && !SkipLineFeed())
                return ReadResult.NeedsData;
            LeaveSpan();
            if (_comments is not null && SkipComment() is var comment and not false)
            {
                if (comment is null)
                    return ReadResult.NeedsData;
                continue;
            }

            if (!FindRow())
                return ReadResult.NeedsData;
            var blank = IsBlank();
            if (!blank)
                Validate();
            WatchLineEnds();
            var isInSpan = _span.Covers(_input.Offset);
            Advance();
            if (blank)
                continue;
            if (!_headerExpected && isInSpan && MalformedReason.Length == 0)
                _span.CountRow();
            if (!_headerExpected)
                return MalformedReason.Length > 0 ? ReadResult.Malformed : TakeRow();
            TakeHeader();
        }

        LeaveSpan();
        if (_watch.InspectEnd(_objectUri) is { } warning)
            Warn(warning);
        return ReadResult.End;
    }

    /// <inheritdoc/>
    public override ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _block.Clear();
        return _input.FillAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _block.Dispose();
        return _input.DisposeAsync();
    }

    /// <inheritdoc/>
    internal override CsvRowBlock? Ahead()
    {
        // Rows inside a badly quoted row are counted, and a block scan at each of their lines would scan the same bytes again.
        if (_headerExpected || _fields.Length < _leastInBlocks || !_blockScanner.CanScan || _span.Covers(_input.Offset)
            || _comments is { IsInside: true })
            return null;
        if (!_block.SeekTo(_input.Start))
            _blockScanner.Scan(_input.Bytes, _input.Start, _input.End, _fields.Length);
        return _block.First < _block.End ? _block : null;
    }

    /// <inheritdoc/>
    internal override void Take(int rows)
    {
        var length = _block.StartOf(_block.First + rows) - _input.Start;
        _block.Take(rows);
        _line += _dialect.LinesIn(_input.Unread[..length]);
        _input.Advance(length);
    }

    // Whether the line has nothing, or only white space if values are trimmed.
    private bool IsBlank()
        => Current.RawRange.Length == 0
            || (_dialect.Trims && _badField < 0 && _scanner.FieldCount == 1 && Current.Kind(0) == FieldKind.Unquoted && Current.Value(0).IsEmpty);

    private bool? SkipComment()
    {
        var isSkipped = _comments!.TrySkip();
        _line += _comments.LinesSkipped;
        if (isSkipped == true)
            _behindCr = _dialect.LineEnd == CsvLineEnd.Cr;
        return isSkipped;
    }

    private void WatchLineEnds()
    {
        if (_scanner.LooseLineEnd >= 0 && _scanner.LooseLineEnd < _rowEnd
            && _watch.Inspect(_input.Bytes[_scanner.LooseLineEnd], PositionOf(_scanner.LooseLineEnd)) is { } loose)
            Warn(loose);
        if (_watch.IsBareLf(_input.Bytes.AsSpan(_rowEnd, _next - _rowEnd)))
            Warn(CsvWarnings.MixedLineEnds(PositionOf(_rowEnd)));
    }

    private SourcePosition PositionOf(int at) => new(_objectUri, LineOf(at), _input.SourceOffsetOf(at));

    private long OffsetOf(int position) => _input.Offset + position - _input.Start;

    // Sets MalformedReason where the row cannot be read.
    private void Validate()
    {
        MalformedReason = "";
        MalformedField = null;
        _isNotText = !Utf8.IsValid(Current.Raw);
        if (_isNotText)
        {
            var isWhole = _badField < 0 && _scanner.FieldCount == _fields.Length;
            SetMalformed(_input.DescribeInvalid(Current.RawRange.Start, Current.Raw), isWhole ? FirstFieldNotUtf8() : -1);
        }
        else if (_badField >= 0)
            SetMalformed(_badQuotes, _badField);
        else if (_scanner.FieldCount > MaxFields && _fields.Length == 0)
            throw FormatErrors.CsvTooManyFields(Position(), MaxFields);
        else if (_fields.Length > 0 && _scanner.FieldCount != _fields.Length)
            SetMalformed($"the row has {CountText(_scanner.FieldCount)}, {CountText(_fields.Length)} expected", -1);
    }

    private void SetMalformed(string reason, int field)
    {
        MalformedReason = reason;
        MalformedField = (uint)field < (uint)_fields.Length ? _fields[field] : null;
    }

    private int FirstFieldNotUtf8()
    {
        for (var field = 0; field < Current.Count; field++)
        {
            if (!Utf8.IsValid(Current.Value(field)))
                return field;
        }

        return -1;
    }

    private ReadResult TakeRow()
    {
        if (_fields.Length == 0)
        {
            _fields = CsvHeader.Numbered(Current.Count);
            _fieldsAt = (Current.Line, Current.ByteOffset);
        }

        _nulls.Mark(Current);
        return ReadResult.Row;
    }

    private void TakeHeader()
    {
        if (CsvHeader.NamesSeparator(Current.Raw))
            throw FormatErrors.CsvHeaderNamesSeparator(Position());
        if (MalformedReason.Length > 0)
        {
            throw _isNotText ? FormatErrors.CsvHeaderNotText(Position(), _input.Encoding, TextEncoding.MayBeSingleByte(Current.Raw))
                : FormatErrors.CsvHeaderInvalid(Position(), MalformedReason);
        }

        _fields = CsvHeader.Read(Current);
        _fieldsAt = (Current.Line, Current.ByteOffset);
        _headerExpected = false;
    }

    private void Advance()
    {
        // Only rows with quotes or escapes can contain line breaks. In a file of CR LF lines, LF is data too.
        var length = _next - _input.Start;
        _line += _scanner.MayBreakLines || _dialect.LineEnd == CsvLineEnd.CrLf ? _dialect.LinesIn(_input.Unread[..length]) : 1;
        _input.Advance(length);
        _behindCr = _dialect.LineEnd == CsvLineEnd.Cr;
    }

    // In a file whose first line ends in CR CR LF, CR is the line end and the LF does not start the next row.
    private bool SkipLineFeed()
    {
        if (_input.Length == 0)
            return false;
        if (_input.Unread[0] == '\n')
            _input.Advance(1);
        _behindCr = false;
        return true;
    }

    private long LineOf(int position) => _line + _dialect.LinesIn(_input.Bytes.AsSpan(_input.Start, position - _input.Start));

    private SourcePosition Position() => new(_objectUri, Current.Line, Current.ByteOffset);

    private static string CountText(int fields) => fields == 1 ? "1 field" : $"{fields} fields";
}
