using System.Text.Unicode;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Csv;

/// <summary>
/// Reads CSV of any dialect over bytes, by the rules of docs/formats.md. Memory grows with the longest row, up to
/// <see cref="RecordReader.MaxRowBytes"/>. Owns the stream. Reading throws with id <c>CsvQuoteNotClosed</c>, <c>CsvRowTooLong</c>,
/// <c>CsvHeaderInvalid</c>, <c>CsvTooManyFields</c> or <c>EncodingNotUtf8</c>; the constructor with id <c>CsvDialectInvalid</c>.
/// </summary>
public sealed class CsvReader : RecordReader
{
    /// <summary>The most fields a row can have: as many as the widest spreadsheets have columns.</summary>
    public const int MaxFields = 16_384;

    private const string NotUtf8 = "the row is not valid UTF-8";

    private readonly InputBuffer _input;
    private readonly CsvDialect _dialect;
    private readonly CsvNullValues _nulls;
    private readonly CsvRowScanner _scanner;
    private readonly CsvPreamble _preamble;
    private readonly RowBlock _block;
    private readonly CsvBlockScanner _blockScanner;
    private readonly string _objectUri;
    private bool _headerExpected;
    private string[] _fields;
    private long _line = 1;
    private bool _behindCr;
    private (long Line, long ByteOffset) _fieldsAt = (1, 0);

    /// <summary>Makes a reader at the first byte of the content.</summary>
    /// <param name="content">The decompressed content.</param>
    /// <param name="options">The dialect; a separator of null means a comma here (<see cref="RecordReaders"/> detects it).</param>
    /// <param name="objectUri">The object's name in errors.</param>
    public CsvReader(Stream content, CsvOptions options, string objectUri)
        : this(new InputBuffer(content), options, objectUri)
    {
    }

    internal CsvReader(InputBuffer input, CsvOptions options, string objectUri)
    {
        _input = input;
        _objectUri = objectUri;
        _dialect = new CsvDialect(options);
        _nulls = new CsvNullValues(options.NullValues);
        _scanner = new CsvRowScanner(_dialect, Current);
        _block = new RowBlock(_dialect.Quote, _nulls);
        _blockScanner = new CsvBlockScanner(_dialect, _block);
        _preamble = new CsvPreamble(input, objectUri, options.SkipRows);
        _fields = [.. options.ColumnNames ?? []];
        _headerExpected = options.HasHeader && _fields.Length == 0;
        Separator = options.Separator ?? ",";
    }

    /// <summary>The separator it reads with.</summary>
    public string Separator { get; }

    /// <summary>The separator that the file seems to have instead, where that was looked for; see <see cref="SeparatorDetector.FindBetter"/>.</summary>
    internal string? BetterSeparator { get; init; }

    /// <inheritdoc/>
    internal override (long Line, long ByteOffset) FieldsAt => _fieldsAt;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fields => _fields;

    /// <inheritdoc/>
    public override bool FieldsGrow => false;

    /// <inheritdoc/>
    public override ReadResult Read()
    {
        if (!_preamble.Done)
        {
            if (!_preamble.TryPass())
                return ReadResult.NeedsData;
            _line += _preamble.LinesPassed;
        }

        while (_input.Length > 0 || !_input.Ended)
        {
            if (_behindCr && !PassLineFeed())
                return ReadResult.NeedsData;
            if (!ScanRow())
                return ReadResult.NeedsData;
            var blank = Current.RawRange.Length == 0;
            if (!blank)
                Judge();
            Advance();
            if (blank)
                continue;
            if (!_headerExpected)
                return Malformation.Length > 0 ? ReadResult.Malformed : TakeRow();
            TakeHeader();
        }

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
    internal override RowBlock? Ahead()
    {
        if (_headerExpected || _fields.Length == 0 || !_blockScanner.Fits)
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
        _line += LinesIn(_input.Unread[..length]);
        _input.Advance(length);
    }

    private bool ScanRow()
    {
        var expected = _fields.Length == 0 ? MaxFields : _fields.Length;
        var whole = _scanner.Scan(_input.Bytes, _input.Start, _input.End, _input.Ended, expected);
        Current.Buffer = _input.Bytes;
        Current.Line = _line;
        Current.ByteOffset = _input.Offset;
        // Room for the longest line end, so that a row of exactly the limit passes however the chunks fall.
        if ((whole ? _scanner.RowEnd - _input.Start : _input.Length - 2) > MaxRowBytes)
            throw FormatErrors.CsvRowTooLong(Position(), _scanner.OpenQuote < 0 ? 0 : LineOf(_scanner.OpenQuote));
        if (!whole && _input.Ended)
            throw FormatErrors.CsvQuoteNotClosed(OpenQuotePosition());
        if (whole)
            Current.RawRange = (_input.Start, _scanner.RowEnd - _input.Start);
        return whole;
    }

    // Says in Malformation what is wrong with the row, if anything.
    private void Judge()
    {
        Malformation = "";
        MalformedField = null;
        if (!Utf8.IsValid(Current.Raw))
            Malform(NotUtf8, _scanner.FieldCount == _fields.Length ? FirstFieldNotUtf8() : -1);
        else if (_scanner.FieldWithTail > 0)
            Malform($"text follows the closing quote of field {_scanner.FieldWithTail}", _scanner.FieldWithTail - 1);
        else if (_scanner.FieldCount > MaxFields && _fields.Length == 0)
            throw FormatErrors.CsvTooManyFields(Position(), MaxFields);
        else if (_fields.Length > 0 && _scanner.FieldCount != _fields.Length)
            Malform($"the row has {Counted(_scanner.FieldCount)}, {Counted(_fields.Length)} expected", -1);
    }

    private void Malform(string reason, int field)
    {
        Malformation = reason;
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
        if (Malformation.Length > 0)
            throw Malformation == NotUtf8 ? FormatErrors.CsvHeaderNotUtf8(Position()) : FormatErrors.CsvHeaderInvalid(Position(), Malformation);
        _fields = CsvHeader.Read(Current);
        _fieldsAt = (Current.Line, Current.ByteOffset);
        _headerExpected = false;
    }

    private void Advance()
    {
        // Only rows with quotes or escapes can hold line breaks; and LF is data in a file of CR LF lines.
        var length = _scanner.Next - _input.Start;
        _line += _scanner.MayBreakLines || _dialect.LineEnd == CsvLineEnd.CrLf ? LinesIn(_input.Unread[..length]) : 1;
        _input.Advance(length);
        _behindCr = _dialect.LineEnd == CsvLineEnd.Cr;
    }

    // In a file whose first line ends in CR CR LF the CR is the line end, and the LF is not the beginning of the next row.
    private bool PassLineFeed()
    {
        if (_input.Length == 0)
            return false;
        if (_input.Unread[0] == '\n')
            _input.Advance(1);
        _behindCr = false;
        return true;
    }

    private int LinesIn(ReadOnlySpan<byte> bytes) => bytes.Count(_dialect.LineEnd == CsvLineEnd.Cr ? (byte)'\r' : (byte)'\n');

    private long LineOf(int position) => _line + LinesIn(_input.Bytes.AsSpan(_input.Start, position - _input.Start));

    private SourcePosition Position() => new(_objectUri, Current.Line, Current.ByteOffset);

    private SourcePosition OpenQuotePosition()
        => new(_objectUri, LineOf(_scanner.OpenQuote), _input.Offset + _scanner.OpenQuote - _input.Start);

    private static string Counted(int fields) => fields == 1 ? "1 field" : $"{fields} fields";
}
