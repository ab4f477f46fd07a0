{{- define "safe-fine-tune.labels" -}}
app.kubernetes.io/name: safe-fine-tune-operator
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
{{- define "safe-fine-tune.selector" -}}
app.kubernetes.io/name: safe-fine-tune-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "safe-fine-tune.trainerImage" -}}
{{ .Values.trainer.image | default (printf "safe-fine-tune/trainer:%s" .Chart.AppVersion) }}
{{- end }}
