using System.Reflection;

namespace PeakS3Feed.Store;

/// <summary>
/// Sets properties through delegates. With reflection alone, the runtime would compile code for each property when a process
/// starts.
/// </summary>
internal static class PropertySetter
{
    private static readonly MethodInfo BindMethod
        = typeof(PropertySetter).GetMethod(nameof(Bind), 2, BindingFlags.NonPublic | BindingFlags.Static, [typeof(MethodInfo)])!;

    /// <summary>Returns a function that sets the property of a record. It also sets init-only properties.</summary>
    public static Action<object, object?> Create(PropertyInfo property)
    {
        // Most definitions have few of the properties, so a delegate is created at its first use.
        Action<object, object?>? set = null;
        return (record, value) => (set ??= Bind(property))(record, value);
    }

    private static Action<object, object?> Bind(PropertyInfo property)
        => (Action<object, object?>)BindMethod.MakeGenericMethod(property.DeclaringType!, property.PropertyType).Invoke(null, [property.SetMethod])!;

    private static Action<object, object?> Bind<TRecord, TValue>(MethodInfo setter)
        where TRecord : class
    {
        var set = setter.CreateDelegate<Action<TRecord, TValue>>();
        return (record, value) => set((TRecord)record, (TValue)value!);
    }
}
