using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats.Csv;

/// <content>
/// Finds the next row in memory. A badly quoted row ends with its first physical line, and the lines after it are read as rows of their own.
/// </content>
public sealed partial class CsvReader
{
    // Finds the current row; false when it is not completely in memory.
    private bool FindRow()
    {
        Current.Buffer = _input.Bytes;
        Current.Line = _line;
        Current.ByteOffset = _input.SourceOffset;
        _badField = -1;
        var isFound = FindRowInSpan() ?? (ScanRow(_input.End, _input.Ended) ? TakeScanned() : IsIncomplete());
        if (isFound)
            Current.RawRange = (_input.Start, _rowEnd - _input.Start);
        return isFound;
    }

    // Null where the span does not determine the row.
    private bool? FindRowInSpan()
    {
        if (!_span.Covers(_input.Offset) || FindLine() is not { } line || !_span.Covers(OffsetOf(line.Next)))
            return null;
        if (ScanRow(line.Next, final: false))
            return TakeScanned();
        var fields = _scanner.FieldCount + _span.FieldsFrom(_input.Bytes, OffsetOf(0), OffsetOf(line.Next));
        if (!_span.EndsInTail && !IsWrongCount(fields))
            return null;
        TakeLine(line, _scanner.FieldCount, _span.EndsInTail ? TailText(fields, _span.EndLine) : CountText(fields, _span.EndLine));
        return true;
    }

    private bool ScanRow(int end, bool final)
        => _scanner.Scan(_input.Bytes, _input.Start, end, final, _fields.Length == 0 ? MaxFields : _fields.Length);

    // The row is completely in memory. A badly quoted row ends with its first line, and the lines after it are read as rows of their own.
    private bool TakeScanned()
    {
        (_rowEnd, _next) = (_scanner.RowEnd, _scanner.Next);
        CheckLength(_rowEnd - _input.Start);
        var tail = _scanner.FieldWithTail;
        if (tail == 0 && !(_scanner.MayBreakLines && IsWrongCount(_scanner.FieldCount)))
            return true;
        if (FindLine() is not { } line)
            return IsIncomplete();
        if (tail == 0 && line.Next >= _rowEnd)
            return true;
        _dialect.LineEnd = line.LineEnd;
        if (line.Next < _rowEnd)
            BeginSpan(line, tail);
        else
            TakeLine(line, tail - 1, TailText(tail, 0));
        return true;
    }

    private void BeginSpan(CsvLine line, int tail)
    {
        var (end, fields, endLine) = (_rowEnd, _scanner.FieldCount, LineOf(_rowEnd));
        ScanRow(line.Next, final: false); // up to the end of the line: counts the fields that end in it
        var opened = _scanner.FieldCount;
        TakeLine(line, opened, tail > 0 ? TailText(tail, endLine) : CountText(fields, endLine));
        _span.Begin(new(_line, _input.Offset, _input.SourceOffset), OffsetOf(line.Next), fields - opened, OffsetOf(end), endLine, tail > 0);
    }

    private void TakeLine(CsvLine line, int field, string reason)
    {
        CheckLength(line.End - _input.Start);
        (_rowEnd, _next, _badField, _badQuotes) = (line.End, line.Next, field, reason);
    }

    private CsvLine? FindLine()
    {
        var line = _dialect.FindLine(_input.Bytes, _input.Start, _input.End, _input.Ended);
        _linesScanned += (line?.Next ?? _input.End) - _input.Start;
        return line;
    }

    // Always returns false: the reader needs more bytes, if there are any.
    private bool IsIncomplete()
    {
        // Leaves room for the longest line end, so that a row of exactly the limit is accepted however the chunks fall.
        CheckLength(_input.Length - 2);
        if (_input.Ended)
            throw FormatErrors.CsvQuoteNotClosed(PositionOf(_scanner.OpenQuote), CsvQuoteSettings.For(_input.Unread, _dialect));
        return false;
    }

    private void CheckLength(int length)
    {
        if (length > MaxRowBytes)
            throw FormatErrors.CsvRowTooLong(Position(), _scanner.OpenQuote < 0 ? 0 : LineOf(_scanner.OpenQuote));
    }

    private void LeaveSpan()
    {
        if (_span.RowsRead == 0 || _span.Covers(_input.Offset))
            return;
        var opened = new SourcePosition(_objectUri, _span.Opened.Line, _span.Opened.SourceOffset);
        Warn(CsvWarnings.RowsInQuotes(opened, _span.EndLine, _span.RowsRead));
        _span.ForgetRows();
    }

    private bool IsWrongCount(int fields) => _fields.Length > 0 && fields != _fields.Length;

    private static string TailText(int field, long line)
        => line == 0 ? $"{TailReason} of field {field}" : $"{TailReason} of field {field} on line {line}";

    private string CountText(int fields, long endLine)
        => $"the row has {CountText(fields)} up to line {endLine}, {CountText(_fields.Length)} expected";
}
