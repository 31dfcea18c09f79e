using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Rows;

/// <content>Binds the fields of a file to columns, and finds new fields.</content>
public sealed partial class RowAssembler
{
    private void Bind(SourcePosition position)
    {
        var isFirst = _binding is null;
        _binding ??= new FieldBinding(Schema, folds: !_reader!.FieldsGrow);
        var known = isFirst ? 0 : _binding.NewFields.Count;
        _binding.Extend(_reader!.Fields);
        if (isFirst && !_reader.FieldsGrow)
        {
            RequireKnownField(position);
            if (!_headersChecked)
                _warnings.AddRange(_binding.FindHeaderWarnings(_reader.Fields, position.ObjectUri));
            _headersChecked = true;
        }

        if (isFirst)
            _newFields.Clear();
        if (_options.NewFields != NewFieldAction.Ignore)
            _newFields.AddRange(_binding.NewFields.Skip(known));
    }

    // This follows the known columns, because a rejected row does not add fields.
    private void AddNewFields(RowBatch batch, Record record, SourceObject source)
    {
        foreach (var field in _newFields)
        {
            if (field >= record.Count || record.Kind(field) == FieldKind.Missing)
                continue;
            var name = _reader!.Fields[field];
            var position = new SourcePosition(source.Uri, record.Line, record.ByteOffset, name);
            if (_options.NewFields == NewFieldAction.Fail)
                throw RowErrors.NewField(position, _options.FeedName);
            _newColumns.Add(Schema, name, field, batch.Count, GetFieldsPosition(source) with { Column = name });
        }

        _newFields.RemoveAll(field => field < record.Count && record.Kind(field) != FieldKind.Missing);
    }

    private SourcePosition GetFieldsPosition(SourceObject source) => new(source.Uri, _reader!.FieldsAt.Line, _reader.FieldsAt.ByteOffset);

    // Without this check, a file of something else would be loaded as rows of NULL only. In JSON, later rows can add fields, so the check waits for
    // the end of the file.
    private void RequireKnownField(SourcePosition position)
    {
        var known = _schemaBefore.Columns;
        var fields = _reader!.Fields;
        if (known.Count > 0 && fields.Count > 0 && !HeaderMatch.Any(fields, [.. known.Select(c => c.Field)], folds: !_reader.FieldsGrow))
            throw RowErrors.NoKnownField(position, _options.FeedName, fields, [.. known.Select(c => c.Field)], isCsv: !_reader.FieldsGrow);
    }

    private void WarnOfSimilarFields(IEnumerable<FeedColumn> added, string objectUri)
    {
        var known = new SimilarFields();
        known.AddRange(Schema.Columns);
        foreach (var column in added)
        {
            if (known.Find(column) is { } similar)
                _warnings.Add(SchemaWarnings.SimilarField(column, similar, objectUri));
            known.Add(column);
        }
    }

    private bool[] FindFileHas()
    {
        var binding = _binding ?? new FieldBinding(Schema, folds: !_reader!.FieldsGrow);
        binding.Extend(_reader!.Fields);
        var has = new bool[Schema.Columns.Count];
        for (var column = 0; column < has.Length; column++)
            has[column] = binding.FieldOfColumn[column] >= 0;
        return has;
    }
}
