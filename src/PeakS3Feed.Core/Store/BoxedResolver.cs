using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;

namespace PeakS3Feed.Store;

/// <summary>
/// Describes <see cref="DefinitionRecord"/>s for reading, with properties whose values are boxed. System.Text.Json has generic code for each type of
/// property. The runtime compiles it for each value type when a process starts, which takes longer than to read the definitions.
/// </summary>
internal sealed class BoxedResolver : IJsonTypeInfoResolver
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
    {
        if (!typeof(DefinitionRecord).IsAssignableFrom(type) || type.IsAbstract) return null;
        var info = JsonTypeInfo.CreateJsonTypeInfo(type, options);
        foreach (var member in type.GetProperties(Members).Where(IsMember))
        {
            var isBoxed = member.PropertyType.IsValueType;
            var name = JsonNamingPolicy.CamelCase.ConvertName(member.Name);
            var json = info.CreateJsonPropertyInfo(isBoxed ? typeof(object) : member.PropertyType, name);
            json.AttributeProvider = member;
            json.IsRequired = member.IsDefined(typeof(RequiredMemberAttribute));
            if (isBoxed) json.CustomConverter = CreateConverter(member, options);
            info.Properties.Add(json);
        }

        return info;
    }

    private static bool IsMember(PropertyInfo member)
        => member.SetMethod is not null && (member.GetMethod!.IsPublic || member.IsDefined(typeof(JsonIncludeAttribute)));

    private static Converter CreateConverter(PropertyInfo member, JsonSerializerOptions options)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        var own = member.GetCustomAttribute<DefinitionMemberAttribute>()?.Converter is { } given
            ? (JsonConverter)Activator.CreateInstance(given)!
            : options.Converters.FirstOrDefault(c => c.Type == type);
        var reader = own switch
        {
            IBoxedReader boxed => boxed,
            null => new Simple(type),
            _ => throw new NotSupportedException($"{own.GetType().Name} does not read boxed values."),
        };
        return new(reader, acceptsNull: type != member.PropertyType);
    }

    /// <summary>Reads the values of one property.</summary>
    /// <param name="reader">Reads values.</param>
    /// <param name="acceptsNull">Whether a value may be null.</param>
    private sealed class Converter(IBoxedReader reader, bool acceptsNull) : JsonConverter<object>
    {
        public override bool HandleNull => true;

        public override object? Read(ref Utf8JsonReader utf8, Type typeToConvert, JsonSerializerOptions options)
            => utf8.TokenType == JsonTokenType.Null && acceptsNull && !reader.ReadsNull ? null : reader.ReadBoxed(ref utf8, options);

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options) => throw new NotSupportedException();
    }

    /// <summary>Reads the values of JSON and of .NET that System.Text.Json reads without a converter.</summary>
    private sealed class Simple(Type type) : IBoxedReader
    {
        public bool ReadsNull => false;

        public object ReadBoxed(ref Utf8JsonReader reader, JsonSerializerOptions options)
            => type == typeof(bool) ? reader.GetBoolean()
                : type == typeof(int) ? reader.GetInt32()
                : type == typeof(long) ? reader.GetInt64()
                : type == typeof(Guid) ? reader.GetGuid()
                : type == typeof(DateTimeOffset) ? reader.GetDateTimeOffset()
                : type == typeof(DateOnly) ? ReadDate(ref reader)
                : throw new NotSupportedException($"{type.Name} has no boxed reader.");

        private static DateOnly ReadDate(ref Utf8JsonReader reader)
            => DateOnly.TryParseExact(reader.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? date
                : throw new JsonException();
    }
}
